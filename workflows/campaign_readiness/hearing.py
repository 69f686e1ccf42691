"""What partners say of a campaign, told to people: once, the serious things at once."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.campaign_readiness.messages import Reading
    from domain.campaign_readiness.positions import Figures
    from domain.campaign_readiness.state import CampaignPartner, Stage
    from domain.notification import Severity
    from domain.standing import counted, short
    from workflows.campaign_readiness.context import CampaignContext


def hear(
    ctx: CampaignContext, partner: CampaignPartner, readings: Sequence[Reading], before: Figures
) -> None:
    """Note what was said, and call people where it cannot wait: serious issues always; what is taken back, or newly at
    risk, once the campaign goes ahead."""
    state = ctx.state
    loud: list[str] = []
    for reading in readings:
        loud += _note(ctx, partner, reading)
    ahead = state.go is not None or state.stage is Stage.RUNNING
    lost = sum(reading.withdrawn_count for reading in readings)
    if lost and ahead:
        loud.append(f"{counted(lost, 'product')} taken back")
    at_risk = sum(reading.at_risk_count for reading in readings)
    if at_risk and state.stage is Stage.RUNNING:
        loud.append(f"{counted(at_risk, 'product')} at risk")
    if not loud:
        return
    policy = partner.policy or state.policy
    ctx.outside.escalate()
    ready = f"{partner.figures.ready} of {partner.figures.expected} pieces ready"
    was = f" (before: {before.ready})" if before.ready != partner.figures.ready else ""
    ctx.notices.send(
        policy.escalate_to or policy.notify,
        Severity.URGENT,
        f"{partner.who} brings something up",
        f"{partner.who}: {short('; '.join(loud), 1500)}. {ready}{was}.",
    )


def _note(ctx: CampaignContext, partner: CampaignPartner, reading: Reading) -> list[str]:
    """Write one word of a partner into the timeline; what of it is serious."""
    actor, who = f"partner:{partner.partner}", partner.who
    said = f"{who} spoke of {counted(reading.applied, 'product')} (word {reading.sequence})"
    parts = [
        f"{counted(count, 'product')} {what}{_named(skus, count)}"
        for count, what, skus in (
            (reading.withdrawn_count, "with fewer pieces than before", reading.withdrawn),
            (reading.at_risk_count, "at risk", reading.at_risk),
        )
        if count
    ]
    words = said + (": " + "; ".join(parts) if parts else "") + "."
    ctx.file.note("readiness", words, actor=actor, flagged=bool(reading.withdrawn_count))
    if reading.flag_count:
        more = reading.flag_count - len(reading.flags)
        told = " ".join(reading.flags) + (f" And {more} more." if more > 0 else "")
        ctx.file.note(
            "flagged", f"{who}, word {reading.sequence}: {told}", actor=actor, flagged=True
        )
    serious: list[str] = []
    for issue in reading.issues:
        about = f" ({issue.sku})" if issue.sku else ""
        text = f"{issue.code}{about}: {issue.text}"
        ctx.file.note(
            "issue", f"{who}: {issue.severity} issue {text}", actor=actor, flagged=issue.serious
        )
        if issue.serious:
            serious.append(text)
    if (more := reading.issue_count - len(reading.issues)) > 0:
        ctx.file.note("issue", f"{who}: {more} more issues.", actor=actor)
    return serious


def _named(skus: Sequence[str], count: int) -> str:
    named = f" ({', '.join(skus)}" if skus else ""
    return (
        named + (f" and {count - len(skus)} more)" if count > len(skus) else ")") if named else ""
    )
