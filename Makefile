# Kehu's build. `make help` lists what a person would call.
#
# Two variants are built from the same sources: `rel` (what runs) and `san` (address and undefined-behaviour
# sanitizers, what the tests run). Everything made lands in build/ and bin/.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := build
MAKEFLAGS += --no-builtin-rules

MODE ?= rel
OUT := build/$(MODE)
GEN := build/gen
PACKAGES := libzmq libuv libpq hiredis libsodium libmicrohttpd jansson libical icu-uc icu-i18n zlib libprotobuf-c

CFLAGS_rel := -O2 -g
CFLAGS_san := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LDFLAGS_san := -fsanitize=address,undefined
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
CC := $(if $(shell command -v ccache),ccache )gcc
CFLAGS = -std=gnu11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-fPIC -D_GNU_SOURCE -I. -I$(GEN) -Iclients/libkehu/include $(PKG_CFLAGS) $(CFLAGS_$(MODE))
LDFLAGS = $(LDFLAGS_$(MODE))
LIBS := $(PKG_LIBS) -lcsv -lm

PROTOS := $(sort $(shell cd proto && find . -name '*.proto' | sed 's,^\./,,'))
WELL_KNOWN := google/protobuf/any.proto google/protobuf/duration.proto google/protobuf/timestamp.proto
GEN_C := $(patsubst %.proto,$(GEN)/%.pb-c.c,$(PROTOS) $(WELL_KNOWN)) $(GEN)/registry.c
COMMON_C := $(wildcard common/*.c common/pure/*.c)
SERVICES := $(sort $(patsubst services/%/main.c,%,$(wildcard services/*/main.c)))
KEHULIB_C := $(wildcard clients/libkehu/*.c)
KEHUCTL_C := $(wildcard clients/kehuctl/*.c)

object = $(patsubst %.c,$(OUT)/%.o,$(1))
service_c = $(filter-out services/$(1)/main.c,$(wildcard services/$(1)/*.c services/$(1)/*/*.c))

BIN := $(if $(filter rel,$(MODE)),bin,$(OUT)/bin)
PROGRAMS := $(addprefix $(BIN)/,$(SERVICES) $(if $(KEHUCTL_C),kehuctl))

.PHONY: build programs gen
build: programs
programs: $(PROGRAMS) $(if $(KEHULIB_C),$(OUT)/libkehu.so)

# --- generated code: protobuf-c and the registry of all messages ---
gen: $(GEN)/registry.c

$(GEN)/.protos: $(addprefix proto/,$(PROTOS)) deploy/check/registry.sh
	@mkdir -p $(GEN)
	protoc -I proto -I /usr/include --c_out=$(GEN) $(PROTOS) $(WELL_KNOWN)
	protoc -I proto -I /usr/include --include_imports -o $(GEN)/kehu.binpb $(PROTOS)
	@touch $@
$(GEN)/registry.c: $(GEN)/.protos
	deploy/check/registry.sh $(GEN) > $@
$(GEN)/%.pb-c.c: $(GEN)/.protos ;

# --- objects ---
$(OUT)/%.o: %.c | $(GEN)/.protos
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c $< -o $@
$(OUT)/build/gen/%.o: build/gen/%.c $(GEN)/.protos
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -w -MMD -MP -c $< -o $@

$(OUT)/libcommon.a: $(call object,$(COMMON_C)) $(call object,$(GEN_C))
	@rm -f $@
	@ar rcs $@ $^

define SERVICE_RULES
$(OUT)/lib$(1).a: $(call object,$(call service_c,$(1)))
	@rm -f $$@
	@ar rcs $$@ $$^
$(BIN)/$(1): $(OUT)/services/$(1)/main.o $(OUT)/lib$(1).a $(OUT)/libcommon.a
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LIBS)
endef
$(foreach service,$(SERVICES),$(eval $(call SERVICE_RULES,$(service))))

# --- clients ---
$(OUT)/libkehu.a: $(call object,$(KEHULIB_C))
	@rm -f $@
	@ar rcs $@ $^
$(OUT)/libkehu.so: $(call object,$(KEHULIB_C)) $(OUT)/libcommon.a
	$(CC) $(LDFLAGS) -shared -Wl,-soname,libkehu.so.1 -o $@ $^ $(LIBS)
$(BIN)/kehuctl: $(call object,$(KEHUCTL_C)) $(OUT)/libkehu.a $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# --- unit tests: tests/unit/test_*.c, each a program of its own, always with sanitizers ---
UNIT_C := $(wildcard tests/unit/test_*.c)
UNIT_SUPPORT_C := $(filter-out $(UNIT_C),$(wildcard tests/unit/*.c))
UNITS := $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(UNIT_C))
.PHONY: unit unit-programs
unit-programs: $(UNITS)
$(OUT)/tests/%: $(OUT)/tests/unit/%.o $(call object,$(UNIT_SUPPORT_C)) $(foreach s,$(SERVICES),$(OUT)/lib$(s).a) $(OUT)/libcommon.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka
unit:
	@$(MAKE) --no-print-directory MODE=san unit-programs
	@set -e; for t in $(patsubst tests/unit/%.c,build/san/tests/%,$(UNIT_C)); do echo "== $$t"; $$t; done

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
