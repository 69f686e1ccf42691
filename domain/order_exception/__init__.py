"""Order exception: an order that cannot be fulfilled as promised."""
