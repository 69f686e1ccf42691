"""Generates Shopify's typed client from `clients/shopify/schema.graphql` and the operations.

python -m scripts.generate_shopify            writes clients/shopify/generated
python -m scripts.generate_shopify --check    fails, with a summary, if that folder differs
"""

import argparse
import contextlib
import filecmp
import io
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from ariadne_codegen.main import client as ariadne_codegen

from scripts.cut_schema import OPERATIONS, SCHEMA, SHOPIFY

PACKAGE = "generated"
SCALARS = {
    "Date": {"type": "datetime.date"},
    "DateTime": {"type": "datetime.datetime"},
    "Decimal": {"type": "decimal.Decimal"},
    "Money": {"type": "decimal.Decimal"},
    "UnsignedInt64": {"type": "int"},
    "URL": {"type": "str"},
}


def generate(folder: Path) -> Path:
    """Writes the package into `folder`, returns its path; the same input gives the same files."""
    package = folder / PACKAGE
    if package.exists():
        shutil.rmtree(package)
    settings = {
        "schema_path": str(SCHEMA),
        "queries_path": str(OPERATIONS),
        "target_package_path": str(folder),
        "target_package_name": PACKAGE,
        "client_name": "GeneratedClient",
        "async_client": True,
        "multipart_uploads": False,
        "include_all_inputs": False,
        "include_all_enums": False,
        "include_comments": "none",
        "show_deprecation_warnings": False,
        "convert_to_snake_case": True,
        "plugins": ["scripts.codegen_plugin.ShopifyPlugin"],
        "scalars": SCALARS,
    }
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        # Whole inputs and enums are kept, deprecated members too; using one is what would matter.
        warnings.simplefilter("ignore", DeprecationWarning)
        ariadne_codegen({"tool": {"ariadne-codegen": settings}})  # type: ignore[no-untyped-call]
    return package


def differences(committed: Path, fresh: Path) -> list[str]:
    """One line per file that is missing, left over or different; empty when both are the same."""
    ours = {path.name for path in committed.glob("*.py")} if committed.is_dir() else set()
    theirs = {path.name for path in fresh.glob("*.py")}
    _, different, unreadable = filecmp.cmpfiles(
        committed, fresh, sorted(ours & theirs), shallow=False
    )
    return [
        *(f"missing: {name}" for name in sorted(theirs - ours)),
        *(f"left over: {name}" for name in sorted(ours - theirs)),
        *(f"different: {name}" for name in sorted({*different, *unreadable})),
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        fresh = generate(Path(temporary))
        if options.check:
            found = differences(SHOPIFY / PACKAGE, fresh)
            for line in found:
                print(line, file=sys.stderr)
            if found:
                print("Run `make generate` and commit the result.", file=sys.stderr)
            return 1 if found else 0
        target = SHOPIFY / PACKAGE
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(fresh, target)
    print(f"{target}: {len(list(target.glob('*.py')))} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
