"""Static files with content hashes in their names, so that browsers keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports between our own JavaScript modules."""

    support_js_module_import_aggregation = True
