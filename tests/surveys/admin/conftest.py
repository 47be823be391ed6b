from tests.admin_visits import clock, visit  # noqa: F401
