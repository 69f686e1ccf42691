"""Stock in the portal: told of by the partner's clerk."""
