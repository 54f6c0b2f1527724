# Included by the Makefile.am at the top.
