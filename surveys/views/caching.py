"""What a browser, and whatever stands before it, may keep of a page."""

from django.views.decorators.cache import cache_control

private = cache_control(private=True, no_cache=True)  # shown again only after asking us
unstored = cache_control(no_store=True)  # kept nowhere: it says what somebody wrote
