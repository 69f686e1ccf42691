"""Who suspended a partner: a person here, or Trading Grid.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Apply. Whoever is suspended now stays so until a person says otherwise."""
    op.add_column("partners", sa.Column("suspended_by", sa.String(), nullable=True))
    op.execute("UPDATE partners SET suspended_by = 'here' WHERE status = 'suspended'")


def downgrade() -> None:
    """Take back."""
    op.drop_column("partners", "suspended_by")
