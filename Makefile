# Kehu's build. `make help` lists what a person would call.
#
# Variants of the same sources: `rel` (what runs), `san` (address and undefined-behaviour sanitizers, what the tests
# run) and `fuzz` (clang's fuzzer). Everything made lands in build/ and bin/. The rest is in deploy/make/:
# tests.mk, check.mk, local.mk (the stack on this machine), install.mk.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := build
MAKEFLAGS += --no-builtin-rules
# As many jobs as cores unless the caller says otherwise; only the outermost make decides.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

MODE ?= rel
OUT := build/$(MODE)
GEN := build/gen
VERSION := 0.1.0
PACKAGES := libzmq libuv libpq hiredis libsodium libmicrohttpd jansson icu-uc icu-i18n zlib libprotobuf-c

SANITIZE := -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS_rel := -O2 -g
CFLAGS_san := -O1 -g1 $(SANITIZE)
CFLAGS_fuzz := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link -Wno-error
LDFLAGS_san := -fsanitize=address,undefined
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
CC := $(if $(filter fuzz,$(MODE)),clang,$(if $(shell command -v ccache),ccache )gcc)
CFLAGS = -std=gnu11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-fPIC -D_GNU_SOURCE -DKEHU_VERSION='"$(VERSION)"' -I. -I$(GEN) -Iclients/libkehu/include $(PKG_CFLAGS) $(CFLAGS_$(MODE))
LDFLAGS = -Wl,--as-needed $(LDFLAGS_$(MODE))
LIBS := $(PKG_LIBS) -lcsv -lm -pthread

PROTOS := $(sort $(shell cd proto && find . -name '*.proto' | sed 's,^\./,,'))
WELL_KNOWN := google/protobuf/any.proto google/protobuf/duration.proto google/protobuf/timestamp.proto
GEN_C := $(patsubst %.proto,$(GEN)/%.pb-c.c,$(PROTOS) $(WELL_KNOWN)) $(GEN)/registry.c
COMMON_C := $(wildcard common/*.c common/pure/*.c)
SERVICES := $(sort $(patsubst services/%/main.c,%,$(wildcard services/*/main.c)))
KEHULIB_C := $(wildcard clients/libkehu/*.c)
KEHUCTL_C := $(wildcard clients/kehuctl/*.c)

# Short lines while building; `make V=1` shows the commands.
Q := $(if $(V),,@)
tell = $(if $(V),,@printf '  %-5s %s\n' $(1) $@)
object = $(patsubst %.c,$(OUT)/%.o,$(1))
service_c = $(filter-out services/$(1)/main.c,$(wildcard services/$(1)/*.c services/$(1)/*/*.c))
schema = $(sort $(wildcard common/schema/*.sql)) $(sort $(wildcard services/$(1)/schema/*.sql))
# Services that keep personal values say in personal.rules what is out of the ordinary about them.
personal_rules = $(wildcard services/$(1)/schema/personal.rules)
personal_c = $(if $(call personal_rules,$(1)),$(GEN)/personal_$(1).c)

BIN := $(if $(filter rel,$(MODE)),bin,$(OUT)/bin)
PROGRAMS := $(addprefix $(BIN)/,$(SERVICES) kehuctl kehu-supervise)

.PHONY: help build programs gen clean
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  settings: KEHU_VAR, KEHU_BASE_PORT, KEHU_TIMEZONE, KEHU_CURRENCY, KEHU_INSTALLATION, KEHU_INSTANCES; see deploy/local/up.sh"
build: programs ## programs in bin/, libkehu in build/rel/
programs: $(PROGRAMS) $(OUT)/libkehu.so
clean: ## delete all that was built (not var/: that is make reset)
	rm -rf build bin

# --- generated code: protobuf-c, the registry of all messages, the migrations as text, the personal columns ---
gen: $(GEN)/registry.c

$(GEN)/.protos: $(addprefix proto/,$(PROTOS)) deploy/check/registry.sh
	@rm -rf $(GEN)/kehu $(GEN)/io && mkdir -p $(GEN)
	protoc -I proto -I /usr/include --c_out=$(GEN) $(PROTOS) $(WELL_KNOWN)
	protoc -I proto -I /usr/include --include_imports -o $(GEN)/kehu.binpb $(PROTOS)
	@touch $@
$(GEN)/registry.c: $(GEN)/.protos deploy/docs/exchanges.txt
	deploy/check/registry.sh $(GEN) deploy/docs/exchanges.txt > $@
$(GEN)/%.pb-c.c: $(GEN)/.protos ;

# --- objects ---
$(OUT)/%.o: %.c | $(GEN)/.protos
	@mkdir -p $(@D)
	$(call tell,cc)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c $< -o $@
$(OUT)/build/gen/%.o: build/gen/%.c $(GEN)/.protos
	@mkdir -p $(@D)
	$(call tell,cc)
	$(Q)$(CC) $(CFLAGS) -w -MMD -MP -c $< -o $@

$(OUT)/libcommon.a: $(call object,$(COMMON_C)) $(call object,$(GEN_C))
	@rm -f $@
	@ar rcs $@ $^

# The schema's folders are prerequisites too: a file that disappears changes only its folder.
define SERVICE_RULES
$(GEN)/migrations_$(1).c: $(call schema,$(1)) $(wildcard common/schema services/$(1)/schema) deploy/check/embed_sql.sh
	@mkdir -p $$(@D)
	deploy/check/embed_sql.sh migrations_$(1) $(call schema,$(1)) > $$@
$(GEN)/personal_$(1).c: $(call personal_rules,$(1)) $(call schema,$(1)) $(wildcard common/schema services/$(1)/schema) deploy/check/personal.sh
	@mkdir -p $$(@D)
	deploy/check/personal.sh $(1) $(call personal_rules,$(1)) $(call schema,$(1)) > $$@
$(OUT)/lib$(1).a: $(call object,$(call service_c,$(1)) $(GEN)/migrations_$(1).c $(call personal_c,$(1)))
	@rm -f $$@
	@ar rcs $$@ $$^
$(BIN)/$(1): $(OUT)/services/$(1)/main.o $(OUT)/lib$(1).a $(OUT)/libcommon.a
	@mkdir -p $$(@D)
	$$(call tell,ld)
	$$(Q)$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach service,$(SERVICES),$(eval $(call SERVICE_RULES,$(service))))

# --- clients, and the supervisor of local stacks ---
$(OUT)/libkehu.a: $(call object,$(KEHULIB_C))
	@rm -f $@
	@ar rcs $@ $^
$(OUT)/libkehu.so: $(call object,$(KEHULIB_C)) $(OUT)/libcommon.a clients/libkehu/kehu.map
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -shared -Wl,-soname,libkehu.so.1 -Wl,--version-script=clients/libkehu/kehu.map \
		-o $@ $(filter %.o %.a,$^) $(LIBS)
$(BIN)/kehuctl: $(call object,$(KEHUCTL_C)) $(OUT)/libkehu.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BIN)/kehu-supervise: $(OUT)/deploy/local/supervise.o
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^

include deploy/make/tests.mk deploy/make/check.mk deploy/make/docs.mk deploy/make/local.mk deploy/make/install.mk
-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
