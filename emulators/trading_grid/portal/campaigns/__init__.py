"""Campaigns in the portal: got ready for by the partner's clerk."""
