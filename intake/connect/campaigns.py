"""The campaign metaobject: defined in a shop, for staff to plan in and for us to write what came of it."""

from clients.shopify.admin import AdminApi
from clients.shopify.generated.enums import MetaobjectAdminAccess, MetaobjectAdminAccessInput
from clients.shopify.generated.fragments import MetaobjectDefinitionFields
from clients.shopify.generated.input_types import (
    MetaobjectAccessInput,
    MetaobjectDefinitionCreateInput,
    MetaobjectFieldDefinitionCreateInput,
)
from domain.campaign_readiness.fields import FIELDS, NAME, TITLE, TYPE
from intake.connect.report import Outcome, StepFailed, Steps, StepStatus

CAMPAIGN_METAOBJECT = "campaign metaobject"


async def put_campaign_metaobject(steps: Steps, admin: AdminApi) -> str:
    """Define it where it is missing; its type in full, as webhooks' filters need it. Empty where the step failed."""
    found: list[str] = []

    async def put() -> Outcome:
        outcome, definition = await _put(admin)
        found.append(definition.type_)
        return outcome

    await steps.run(CAMPAIGN_METAOBJECT, put)
    return found[0] if found else ""


async def _put(admin: AdminApi) -> tuple[Outcome, MetaobjectDefinitionFields]:
    known = (await admin.metaobject_definition_of_type(type_=TYPE)).metaobject_definition_by_type
    if known is not None:
        return _judged(known), known
    made = (
        await admin.metaobject_definition_create(definition=_definition())
    ).metaobject_definition_create
    created = made.metaobject_definition if made else None
    if created is None:
        raise StepFailed("Shopify reported no error and no definition; connect again.")
    return (StepStatus.CHANGED, f"Defined, as {created.type_}; staff may write it."), created


def _definition() -> MetaobjectDefinitionCreateInput:
    # No field is required: a campaign whose plan is not whole yet opens a case that says what is missing.
    return MetaobjectDefinitionCreateInput(
        type_=TYPE,
        name=NAME,
        description="A launch, a promotion or a season that trading partners get ready for.",
        display_name_key=TITLE,
        access=MetaobjectAccessInput(admin=MetaobjectAdminAccessInput.MERCHANT_READ_WRITE),
        field_definitions=[
            MetaobjectFieldDefinitionCreateInput(
                key=field.key, type_=field.type, name=field.name, description=field.description
            )
            for field in FIELDS
        ],
    )


def _judged(known: MetaobjectDefinitionFields) -> Outcome:
    """A definition that is there already. It is not changed by us: values may depend on it."""
    types = {field.key: field.type_.name for field in known.field_definitions}
    problems = [
        f"the field {field.key} is missing"
        if field.key not in types
        else f"the field {field.key} is a {types[field.key]}, not a {field.type}"
        for field in FIELDS
        if types.get(field.key) != field.type
    ]
    if known.access.admin not in {
        MetaobjectAdminAccess.MERCHANT_READ_WRITE,
        MetaobjectAdminAccess.PUBLIC_READ_WRITE,
    }:
        problems.append(f"staff can't write it (its admin access is {known.access.admin})")
    if problems:
        raise StepFailed(
            f"The definition {known.type_} is there, but {'; '.join(problems)}."
            " Mend it in Shopify, or delete it with its metaobjects, then connect again."
        )
    return StepStatus.OK, f"Defined, as {known.type_}."
