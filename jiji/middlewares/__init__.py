"""What stands between the spiders and the network: whole answers only, at the site's pace, by its robots.txt."""
