# Included by the Makefile.am at the top.
EXTRA_DIST += \
	contrib/README.md \
	contrib/check \
	contrib/check-format \
	contrib/check-includes \
	contrib/demo \
	contrib/setup

# bash looks for a file that is named as the command.
dist_zshcompletion_DATA = contrib/completion/_lbctl
bashcompletion_DATA = contrib/completion/lbctl
CLEANFILES += $(bashcompletion_DATA)
EXTRA_DIST += contrib/completion/lbctl.bash
contrib/completion/lbctl: contrib/completion/lbctl.bash
	$(AM_V_GEN)$(MKDIR_P) contrib/completion && cp $< $@
