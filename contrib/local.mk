# Included by the Makefile.am at the top.
EXTRA_DIST += \
	contrib/README.md \
	contrib/check \
	contrib/check-format \
	contrib/check-includes \
	contrib/cluster \
	contrib/cluster-common.sh \
	contrib/debian \
	contrib/demo \
	contrib/kill \
	contrib/package \
	contrib/package-steps \
	contrib/package-test \
	contrib/setup

# contrib/kill uses it from the build folder.
noinst_PROGRAMS += contrib/impair-link
contrib_impair_link_SOURCES = contrib/impair_link.c
contrib_impair_link_LDADD = $(base_libraries)

# bash looks for a file that is named as the command.
dist_zshcompletion_DATA = contrib/completion/_lbctl
bashcompletion_DATA = contrib/completion/lbctl
CLEANFILES += $(bashcompletion_DATA)
EXTRA_DIST += contrib/completion/lbctl.bash
contrib/completion/lbctl: contrib/completion/lbctl.bash
	$(AM_V_GEN)$(MKDIR_P) contrib/completion && cp $< $@

# The directories of an installation are known to make only.
lbstated_service = contrib/systemd/lbstated.service
CLEANFILES += $(lbstated_service) $(sysusers_DATA) $(tmpfiles_DATA)
EXTRA_DIST += contrib/systemd/lbstated.service.in \
	contrib/systemd/lbstate.sysusers contrib/systemd/lbstate.tmpfiles
$(lbstated_service): contrib/systemd/lbstated.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) contrib/systemd && \
	sed -e 's|@sbindir[@]|$(sbindir)|g' -e 's|@sysconfdir[@]|$(sysconfdir)|g' $< >$@.tmp && mv $@.tmp $@
contrib/systemd/lbstate.conf: contrib/systemd/lbstate.sysusers
	$(AM_V_GEN)$(MKDIR_P) contrib/systemd && cp $< $@
contrib/systemd/tmpfiles/lbstate.conf: contrib/systemd/lbstate.tmpfiles
	$(AM_V_GEN)$(MKDIR_P) contrib/systemd/tmpfiles && cp $< $@

if SYSTEMD_UNIT
systemdsystemunit_DATA = $(lbstated_service)
sysusers_DATA = contrib/systemd/lbstate.conf
tmpfiles_DATA = contrib/systemd/tmpfiles/lbstate.conf
endif

# The unit reads it, so it must be there; one that was edited stays.
EXTRA_DIST += contrib/lbstated.conf
install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(sysconfdir)/lbstate"
	test -f "$(DESTDIR)$(sysconfdir)/lbstate/lbstated.conf" || \
		$(INSTALL_DATA) "$(srcdir)/contrib/lbstated.conf" "$(DESTDIR)$(sysconfdir)/lbstate/lbstated.conf"
uninstall-local:
	if cmp -s "$(srcdir)/contrib/lbstated.conf" "$(DESTDIR)$(sysconfdir)/lbstate/lbstated.conf"; then \
		rm -f "$(DESTDIR)$(sysconfdir)/lbstate/lbstated.conf"; fi
