"""The worker's own record, private until released: kept, compared with the platform's, released."""
