# What the build enforces: style, arrows between folders, purity, the contract. Each check prints its own verdict;
# `make -k check` shows all that is wrong at once.

CHECKS := format includes purity sizes shell python paths descriptors docs settings
PURE_C := $(wildcard common/pure/*.c services/*/domain/*.c)

.PHONY: check $(addprefix check-,$(CHECKS)) format release-descriptors
check: $(addprefix check-,$(CHECKS)) ## style, include arrows, purity, sizes, lint, compatibility of the contract

check-format: ; @deploy/check/format.sh
check-includes: ; @deploy/check/includes.py
check-purity: $(patsubst %.c,build/rel/%.o,$(PURE_C)) ; @deploy/check/purity.sh build/rel $(PURE_C)
check-sizes: ; @deploy/check/sizes.sh
check-shell: ; @deploy/check/shell.sh
check-python: ; @deploy/check/python.sh
check-paths: ; @deploy/check/paths.sh
check-descriptors: $(GEN)/.protos ; @deploy/check/descriptors.py proto/released.binpb $(GEN)/kehu.binpb
check-settings: $(addprefix bin/,$(SERVICES)) ; @deploy/check/settings.sh $(SERVICES)
.PHONY: settings
settings: $(addprefix bin/,$(SERVICES)) ## renew the lists of settings in the services' READMEs
	@deploy/check/settings.sh --write $(SERVICES)

format: ## clang-format on all our C
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i
# Only with a release: from then on what is in it can no longer change, only grow.
release-descriptors: $(GEN)/.protos ## make today's messages the contract that check-descriptors holds us to
	cp $(GEN)/kehu.binpb proto/released.binpb
