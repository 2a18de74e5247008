# The stack on this machine; the scripts of deploy/local/ do the work.

.PHONY: packages run up down status logs reset
packages: ## install the Debian packages that Kehu needs
	@deploy/local/packages.sh
# Each step in a make of its own: before the packages are there, pkg-config finds nothing.
run: ## everything from nothing: packages, build, stack, a simulated company, a summary
	@deploy/local/packages.sh
	@$(MAKE) --no-print-directory build
	@deploy/local/run.sh
up: build ## bring the stack up, empty when it is new
	@deploy/local/up.sh
down: ## stop the stack; data stay
	@deploy/local/down.sh
status: ## what runs and how it is
	@deploy/local/status.sh
logs: ## the latest lines of all logs, or of one: SERVICE=customers; FOLLOW=1 stays
	@SERVICE='$(SERVICE)' FOLLOW='$(FOLLOW)' deploy/local/logs.sh
reset: ## stop the stack and delete its data
	@deploy/local/reset.sh
