"""What the containers need beside Gridcase itself: how to run it is in `docker-compose.yml`."""
