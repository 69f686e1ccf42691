import gzip
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    is_composite_type,
    parse,
    validate,
    validate_schema,
    visit,
)

from scripts import cut_schema, generate_shopify

OPERATIONS = cut_schema.read_operations()
NAMES = sorted(
    node.name.value
    for node in OPERATIONS.definitions
    if isinstance(node, OperationDefinitionNode) and node.name
)
# Where the caller chooses the page size, the largest that Shopify allows.
LARGEST_PAGE = 250
PERSONAL = {
    "accountNumber",
    "billingAddress",
    "clientIp",
    "contactEmail",
    "customAttributes",
    "customer",
    "customerLocale",
    "customerNote",
    "destination",
    "displayAddress",
    "displayName",
    "email",
    "firstName",
    "lastName",
    "originAddress",
    "paymentDetails",
    "phone",
    "shippingAddress",
    "shopOwnerName",
    "staffMember",
    "suggestedAddresses",
}
# How many orders a customer has made decides priority; nothing else of a customer is read.
COUNTED = {("Order", "customer")}
# The one operation that may: where a drop-ship partner sends the goods.
SHIP_TO = "OrderShipTo"
# Notes that a partner, the merchant or we wrote; `Order.note` and the like are the customer's.
OUR_NOTES = {("ReturnDecline", "note"), ("Refund", "note")}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(cut_schema.SCHEMA.read_text("utf-8"))


def test_operations_are_valid_against_the_cut_schema(schema: GraphQLSchema) -> None:
    assert validate_schema(schema) == []
    assert validate(schema, OPERATIONS) == []


@pytest.mark.parametrize("version", ["2026-07", "2026-10"])
def test_operations_are_valid_against_the_official_schema(reference: Path, version: str) -> None:
    sdl = gzip.decompress((reference / f"admin-{version}.graphql.gz").read_bytes()).decode()
    official = build_schema(sdl, assume_valid=True, assume_valid_sdl=True)

    assert validate(official, OPERATIONS) == []
    assert not set(NAMES) & set(official.type_map), "the generated package would clash"


def test_the_cut_schema_is_what_the_script_cuts_from_the_official_one(reference: Path) -> None:
    full = cut_schema.read_sdl(reference / "admin-2026-10.graphql.gz")

    assert cut_schema.cut(full, cut_schema.read_all()) == cut_schema.SCHEMA.read_text("utf-8")


def test_the_generated_client_is_what_the_script_generates(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert generate_shopify.main(["--check"]) == 0, capsys.readouterr().err


def test_a_change_in_the_generated_client_is_noticed(tmp_path: Path) -> None:
    committed, fresh = tmp_path / "committed", tmp_path / "fresh"
    for folder in (committed, fresh):
        folder.mkdir()
        (folder / "same.py").write_text("a = 1\n")
        (folder / "changed.py").write_text(f"a = '{folder.name}'\n")
    (committed / "old.py").touch()
    (fresh / "new.py").touch()

    assert generate_shopify.differences(committed, fresh) == [
        "missing: new.py",
        "left over: old.py",
        "different: changed.py",
    ]


def test_an_operation_that_does_not_fit_is_refused_with_its_fault(schema: GraphQLSchema) -> None:
    sdl = cut_schema.SCHEMA.read_text("utf-8")

    with pytest.raises(cut_schema.InvalidOperations, match="colour"):
        cut_schema.cut(sdl, parse("query Odd { shop { colour } }"))


def test_a_cut_keeps_interfaces_deprecations_and_whole_inputs() -> None:
    full = """
        schema { query: QueryRoot }
        type QueryRoot { thing(by: By, old: Int @deprecated(reason: "x")): Thing  other: Other }
        interface Thing { id: ID!  name: String }
        type Book implements Thing { id: ID!  name: String  pages: Int }
        type Film implements Thing { id: ID!  name: String }
        type Other { id: ID! }
        input By @oneOf { a: Kind  b: Deep }
        input Deep { c: Int }
        enum Kind { X  Y @deprecated(reason: "no") }
    """

    cut = build_schema(cut_schema.cut(full, parse("{ thing { id ... on Book { pages } } }")))

    assert set(cut.type_map) >= {"Thing", "Book", "By", "Deep", "Kind"}
    assert not set(cut.type_map) & {"Film", "Other"}
    assert set(cut.type_map["Book"].fields) == {"id", "pages"}  # type: ignore[attr-defined]
    assert cut.query_type is not None
    arguments = cut.query_type.fields["thing"].args
    assert arguments["old"].deprecation_reason == "x"


def test_no_operation_selects_personal_data(schema: GraphQLSchema) -> None:
    selected = fields_of(
        schema, *(one for one in OPERATIONS.definitions if name_of(one) != SHIP_TO)
    )

    assert len(selected) > 100, "the visitor found the fields"
    personal = {(kind, name) for kind, name in selected if name in PERSONAL or "ddress" in name}
    assert personal == COUNTED
    assert {name for kind, name in selected if kind == "Customer"} == {"numberOfOrders"}
    assert "MailingAddress" not in {kind for kind, _ in selected}
    assert {pair for pair in selected if pair[1] == "note"} == OUR_NOTES


def test_a_ship_to_is_an_address_and_no_more_of_the_customer(schema: GraphQLSchema) -> None:
    [operation] = (one for one in OPERATIONS.definitions if name_of(one) == SHIP_TO)

    selected = fields_of(schema, operation)

    assert {name for kind, name in selected if kind == "Order"} == {"id", "shippingAddress"}
    assert {kind for kind, _ in selected} == {"QueryRoot", "Order", "MailingAddress"}


def name_of(definition: DefinitionNode) -> str:
    assert isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
    return definition.name.value if definition.name else ""


def fields_of(schema: GraphQLSchema, *definitions: DefinitionNode) -> set[tuple[str, str]]:
    """Each field that is selected, with the type that has it."""
    selected: set[tuple[str, str]] = set()
    info = TypeInfo(schema)

    class Collect(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            assert parent is not None
            selected.add((parent.name, node.name.value))

    visit(DocumentNode(definitions=definitions), TypeInfoVisitor(info, Collect()))
    return selected


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_costs_well_under_a_thousand_points(schema: GraphQLSchema, name: str) -> None:
    assert Cost(schema, OPERATIONS).of(name) <= 500


def test_the_status_query_costs_next_to_nothing(schema: GraphQLSchema) -> None:
    assert Cost(schema, OPERATIONS).of("CurrentReturnStatus") <= 2


class Cost:
    """Requested cost by the rule we assume: object 1, mutation 10, list of n: (2 + 2 ln n) nodes."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._operations = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode) and node.name
        }
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def of(self, name: str) -> int:
        operation = self._operations[name]
        if operation.operation is OperationType.MUTATION:
            root, base = self._schema.mutation_type, 10
        else:
            root, base = self._schema.query_type, 0
        assert root is not None
        return base + math.floor(self._selection(operation.selection_set, root.name))

    def _selection(self, selection: SelectionSetNode | None, kind: str) -> float:
        return sum(self._field(field, owner) for field, owner in self._fields(selection, kind))

    def _fields(
        self, selection: SelectionSetNode | None, kind: str
    ) -> Iterator[tuple[FieldNode, str]]:
        for node in selection.selections if selection else ():
            if isinstance(node, FieldNode):
                if not node.name.value.startswith("__"):
                    yield node, kind
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else kind
                yield from self._fields(node.selection_set, condition)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                yield from self._fields(fragment.selection_set, fragment.type_condition.name.value)

    def _field(self, node: FieldNode, owner: str) -> float:
        definition = self._schema.type_map[owner].fields[node.name.value]  # type: ignore[attr-defined]
        kind = get_named_type(definition.type)
        if not is_composite_type(kind):
            return 0
        inner = self._selection(node.selection_set, kind.name)
        first = next((a.value for a in node.arguments if a.name.value == "first"), None)
        if first is None:
            # `nodes` belongs to the connection, whose factor counts it.
            return inner + 1
        size = int(first.value) if isinstance(first, IntValueNode) else LARGEST_PAGE
        return (2 + 2 * math.log(size)) * max(inner, 1)
