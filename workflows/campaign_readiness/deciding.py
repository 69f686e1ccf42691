"""The merchant's words on a campaign: why they cannot be taken now, and what they set going."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.campaign_readiness.decision import Change, Choice, Decide, Go
    from domain.campaign_readiness.state import GoAhead, Stage
    from domain.failures import ALREADY_DECIDED, INVALID_COMMAND, NOT_NOW
    from domain.standing import counted
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.campaign_readiness.planning import changed_window
    from workflows.operator_words import OperatorWords, refuse


def may_go(ctx: CampaignContext, command: Go) -> None:
    state = ctx.state
    if state.stage in {Stage.OPENING, Stage.PLANNING}:
        refuse(NOT_NOW, "The plan is not read yet; there is nothing to say go to.")
    if state.go is not None:
        refuse(ALREADY_DECIDED, f"{state.go.actor} said go already.")
    if state.wants_share_word:
        partners = counted(len(state.unshared), "partner")
        refuse(
            NOT_NOW, f"The plan is not shared with {partners} yet; decide `share` first, or stop."
        )


def take_go(ctx: CampaignContext, command: Go) -> None:
    ctx.state.go = GoAhead(actor=command.actor, at=workflow.now())
    note = f": {command.note}" if command.note else ""
    ctx.file.note("go", f"Go{note}", actor=command.actor)


def may_change(ctx: CampaignContext, command: Change) -> None:
    state, now = ctx.state, workflow.now()
    if state.stage is Stage.OPENING:
        refuse(NOT_NOW, "The campaign is still being opened; try again in a moment.")
    if state.stage is Stage.OVER:
        refuse(NOT_NOW, "The campaign is over.")
    if command.starts_at is not None and state.stage is Stage.RUNNING:
        refuse(INVALID_COMMAND, "The campaign has started; only its end can still be moved.")
    window = changed_window(state.window, command)
    if window is None and state.window is None:
        refuse(INVALID_COMMAND, "Name title, starts_at and ends_at: none of them is known yet.")
    if window is not None and (problem := window.problem):
        refuse(INVALID_COMMAND, problem)
    for moment in (command.starts_at, command.ends_at):
        if moment is not None and moment <= now:
            OperatorWords.check_future(moment)


def change_in_words(command: Change) -> str:
    words = [
        f"{name.removesuffix('_at')} {value:%d %b %Y %H:%M %Z}".strip()
        for name in ("starts_at", "ends_at")
        if (value := getattr(command, name)) is not None
    ]
    if command.title:
        words.insert(0, f"called {command.title}")
    if command.products:
        words.append(f"with {counted(len(command.products), 'product')}")
    note = f" ({command.note})" if command.note else ""
    return f"Change: {', '.join(words)}{note}"


def may_decide(ctx: CampaignContext, command: Decide) -> None:
    state = ctx.state
    if command.choice is Choice.SHARE and not state.wants_share_word:
        refuse(NOT_NOW, "There is nothing that waits to be shared.")
    if command.choice is Choice.KEEP and state.gone_since is None:
        refuse(NOT_NOW, "The campaign's metaobject was not deleted.")


def take_decision(ctx: CampaignContext, command: Decide) -> None:
    state = ctx.state
    match command.choice:
        case Choice.SHARE:
            state.share_word = True
            words = f"Share the plan with {counted(len(state.unshared), 'partner')}"
        case Choice.KEEP:
            state.gone_since, state.unshown = None, True
            state.metaobject_id = state.fields_digest = ""
            words = "Go on without a metaobject in Shopify"
    note = f": {command.note}" if command.note else ""
    ctx.file.note("decision", words + note, actor=command.actor)
