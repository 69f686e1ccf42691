"""Each case keeps what its workflow starts with.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.add_column("cases", sa.Column("workflow", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("argument", JSON, nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("cases", "argument")
    op.drop_column("cases", "workflow")
