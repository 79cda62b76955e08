"""What stands between the walk and the site: passes, replaces or leaves out a request or a page."""
