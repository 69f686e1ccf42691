"""The campaign metaobject, as connecting a shop defines it, and the webhooks that tell of it."""

from intake.connect import StepStatus
from intake.connect.campaigns import CAMPAIGN_METAOBJECT
from intake.connect.needs import FILTERED_TOPICS
from tests.intake.conftest import World
from tests.intake.test_connect import connect, failed, graphql, subscriptions

FULL_TYPE = "app--1234567--partner_campaign"


async def test_staff_may_plan_in_the_metaobject_that_connecting_defines(world: World) -> None:
    report = await connect(world)
    [definition] = world.emulator.shops["acme"].metaobject_definitions.values()
    assert definition.type == FULL_TYPE
    assert definition.admin_access == "MERCHANT_READ_WRITE"
    assert {field.key: field.type for field in definition.fields} == {
        "title": "single_line_text_field",
        "starts_at": "date_time",
        "ends_at": "date_time",
        "collections": "list.collection_reference",
        "plan": "file_reference",
        "expected_quantity": "number_integer",
        "ready_by": "date",
        "partners": "json",
        "status": "single_line_text_field",
        "readiness": "number_decimal",
        "readiness_text": "single_line_text_field",
        "readiness_data": "json",
    }
    assert not any(field.required for field in definition.fields), "half a plan is to be told of"
    assert report.step(CAMPAIGN_METAOBJECT).status is StepStatus.CHANGED
    again = await connect(world)
    assert again.step(CAMPAIGN_METAOBJECT).status is StepStatus.OK
    assert len(world.emulator.shops["acme"].metaobject_definitions) == 1


async def test_a_definition_that_lost_a_field_is_reported_and_nothing_is_changed(
    world: World,
) -> None:
    await connect(world)
    [definition] = world.emulator.shops["acme"].metaobject_definitions.values()
    definition.fields = [field for field in definition.fields if field.key != "plan"]
    definition.admin_access = "PRIVATE"
    report = await connect(world)
    assert list(failed(report)) == [CAMPAIGN_METAOBJECT]
    assert "the field plan is missing" in failed(report)[CAMPAIGN_METAOBJECT]
    assert "staff can't write it" in failed(report)[CAMPAIGN_METAOBJECT]


async def test_a_filter_that_was_taken_out_by_hand_is_put_back(world: World) -> None:
    await connect(world)
    kept = subscriptions(world)["metaobjects/update"]
    narrower = f'{{filter: "type:{FULL_TYPE} AND handle:x"}}'
    await graphql(
        world,
        f'mutation {{ webhookSubscriptionUpdate(id: "{kept.gid}", webhookSubscription: {narrower})'
        " { userErrors { message } } }",
    )
    report = await connect(world)
    step = report.step("webhook metaobjects/update")
    assert step.status is StepStatus.CHANGED
    assert "handle:x" in step.detail
    assert subscriptions(world)["metaobjects/update"].filter == f"type:{FULL_TYPE}"


async def test_without_the_definition_its_topics_wait_and_the_others_are_there(
    world: World,
) -> None:
    world.without_scopes("read_metaobject_definitions", "write_metaobject_definitions")
    report = await connect(world)
    assert CAMPAIGN_METAOBJECT in failed(report)
    assert not FILTERED_TOPICS & set(subscriptions(world))
    for topic in FILTERED_TOPICS:
        assert report.step(f"webhook {topic}").status is StepStatus.SKIPPED
    assert "returns/request" in subscriptions(world)
