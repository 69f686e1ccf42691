"""Campaign readiness: partners get ready for a launch, a promotion, a season."""
