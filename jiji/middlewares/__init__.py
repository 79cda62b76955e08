"""What stands between the spider and the site: passes, refuses or replaces requests and responses."""
