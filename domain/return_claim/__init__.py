"""Return claim: a return, a damage claim or a warranty issue that a partner must review.

`names` the workflow and what opens it; `lines` what is claimed and what the partners ruled; `decision` what the claim comes
to; `goods` what came back; `money` what is refunded; `state` what the workflow keeps; `messages` what its activities take
and give; `standing` who is waited for.
"""
