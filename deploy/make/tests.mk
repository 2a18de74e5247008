# Tests, fuzzing and measuring. `make test` is what the README and .ci/run call.

PYTHON := /usr/bin/python3
PYTEST := $(PYTHON) -B -m pytest -p no:cacheprovider -ra --timeout=600
# Test processes side by side, each with stacks of its own; a file stays in one. Two more than cores, for many tests
# wait for a minute to pass; the long files first, so that none is left over at the end. Faults at full size measure:
# they run alone.
PYTEST_BESIDE = -n $(shell echo $$(($$(nproc) + 2))) --dist loadfile
ARCHIVES = $(OUT)/libkehu.a $(foreach s,$(SERVICES),$(OUT)/lib$(s).a) $(OUT)/libcommon.a

# Services share names that each means in its own way (handle_publish): a program is linked with those whose headers it
# read, by what the compiler wrote beside its object.
linked = $(filter %.o,$^) $(OUT)/libkehu.a \
	$$(for s in $(SERVICES); do if grep -qs "services/$$s/" $(<:.o=.d); then echo $(OUT)/lib$$s.a; fi; done) $(OUT)/libcommon.a

UNIT_C := $(wildcard tests/unit/test_*.c)
UNIT_SUPPORT_C := $(filter-out $(UNIT_C),$(wildcard tests/unit/*.c))
SUPPORT_C := $(wildcard tests/support/*.c)
FUZZ_C := $(wildcard tests/fuzz/fuzz_*.c)
BENCH_C := $(wildcard tests/bench/*.c)
BENCH_SUPPORT_C := $(wildcard tests/bench/support/*.c)

.PHONY: test unit unit-programs support integration faults fuzz fuzz-programs fuzz-plain fuzz-corpora bench bench-programs soak

test: ## everything that must pass: check, unit, fuzz corpora, integration, faults at small size
	@$(MAKE) --no-print-directory build check
	@$(MAKE) --no-print-directory MODE=san unit-programs fuzz-plain programs support
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory fuzz-corpora
	@$(MAKE) --no-print-directory integration

# --- unit: tests/unit/test_*.c, each a program of its own, always with sanitizers ---
# What only tests is compiled as fast as can be: sanitizers watch it without the optimizer too. One walks through every
# minute of many years.
$(OUT)/tests/unit/%.o $(OUT)/tests/fuzz/%.o: CFLAGS_san := -O0 -g1 $(SANITIZE)
$(OUT)/tests/unit/test_clock_walk.o: CFLAGS_san := -O1 -g1 $(SANITIZE)
unit-programs: $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(UNIT_C))
$(OUT)/tests/%: $(OUT)/tests/unit/%.o $(call object,$(UNIT_SUPPORT_C)) $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(linked) $(LIBS) -lcmocka
unit: ## unit tests under address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory MODE=san unit-programs
	@deploy/check/run_units.sh $(patsubst tests/unit/%.c,build/san/tests/%,$(UNIT_C))

# --- integration and faults: pytest against real services built with sanitizers ---
support: $(patsubst tests/support/%.c,$(OUT)/tests/support/%,$(SUPPORT_C))
$(OUT)/tests/support/%: $(OUT)/tests/support/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(linked) $(LIBS)
pytest = $(if $(wildcard $(addsuffix /test_*.py,$(1))),KEHU_BIN=$(CURDIR)/build/san/bin $(2) \
	 $(PYTEST) $(3) $(PYTEST_ARGUMENTS) $(wildcard $(1)),echo "no tests yet in $(1)")
integration: ## real services, PostgreSQL and Redis, driven from Python; faults at small size
	@$(MAKE) --no-print-directory MODE=san programs support
	@$(call pytest,tests/faults tests/check tests/integration,,$(PYTEST_BESIDE))
faults: ## the fault tests at full size
	@$(MAKE) --no-print-directory MODE=san programs support
	@$(call pytest,tests/faults,KEHU_FAULTS=full)
soak: build ## MINUTES=10 of mixed load with memory watched
	@$(if $(wildcard tests/bench/soak.py),$(PYTHON) tests/bench/soak.py --minutes $(or $(MINUTES),10),echo "no soak yet")

# --- fuzz: tests/fuzz/fuzz_*.c with LLVMFuzzerTestOneInput; corpora in tests/fuzz/corpus/<name>/ ---
fuzz-programs: $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(FUZZ_C))
$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(linked) $(LIBS)
fuzz: ## fuzz each decoder for SECONDS=60
	@$(MAKE) --no-print-directory MODE=fuzz fuzz-programs
	@deploy/check/run_fuzz.sh $(or $(SECONDS),60) $(patsubst tests/fuzz/%.c,build/fuzz/fuzz/%,$(FUZZ_C))
fuzz-plain: $(patsubst tests/fuzz/%.c,$(OUT)/tests/fuzz/%,$(FUZZ_C))
$(OUT)/tests/fuzz/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(OUT)/tests/fuzz/plain_main.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(linked) $(LIBS)
fuzz-corpora: ## the fuzz corpora as plain tests
	@$(MAKE) --no-print-directory MODE=san fuzz-plain
	@set -e -o pipefail; for name in $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_C)); do \
		build/san/tests/fuzz/fuzz_$$name tests/fuzz/corpus/$$name/* | sed "s/^/fuzz_$$name: /"; done

# --- bench: each tests/bench/*.c is a program; tests/bench/run.py prints the rows of the budget ---
bench-programs: $(patsubst tests/bench/%.c,$(OUT)/bench/%,$(BENCH_C))
$(OUT)/bench/%: $(OUT)/tests/bench/%.o $(call object,$(BENCH_SUPPORT_C)) $(ARCHIVES)
	@mkdir -p $(@D)
	$(call tell,ld)
	$(Q)$(CC) $(LDFLAGS) -o $@ $(linked) $(LIBS)
bench: build bench-programs ## measure; ratios to baselines of the same run
	@$(if $(wildcard tests/bench/run.py),$(PYTHON) tests/bench/run.py $(BENCH_ARGUMENTS),echo "no bench yet")
