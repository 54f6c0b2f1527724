# Included by the Makefile.am at the top.
#
# What is installed beside the programs, against what the programs say.
dist_check_SCRIPTS += test/shell/completion.sh
TESTS += test/shell/completion.sh
test/shell/completion.log: lbctl$(EXEEXT)
