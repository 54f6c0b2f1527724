# Included by the Makefile.am at the top.
#
# What is installed beside the programs, against what the programs say.
dist_check_SCRIPTS += test/shell/completion.sh test/shell/man.sh test/shell/systemd.sh \
	test/shell/readme.sh
CODE_TESTS += test/shell/systemd.sh test/shell/readme.sh
SOURCE_TESTS += test/shell/completion.sh
test/shell/completion.log: lbctl$(EXEEXT)
test/shell/man.log: lbctl$(EXEEXT) lbstated$(EXEEXT) src/generate/generate-database$(EXEEXT)
test/shell/systemd.log: lbstated$(EXEEXT)
test/shell/readme.log: lbctl$(EXEEXT) lbstated$(EXEEXT)
