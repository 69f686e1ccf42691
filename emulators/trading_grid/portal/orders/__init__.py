"""Purchase orders in the portal: answered, shipped and billed by the partner's clerk."""
