# Included by test/unit/local.mk.
