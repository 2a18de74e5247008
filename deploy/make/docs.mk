# Documents: what is generated from proto/ and the programs, and the check that it is current (make check calls it).

.PHONY: docs check-docs
docs: $(GEN)/described.binpb $(addprefix bin/,$(SERVICES)) ## regenerate the message catalogue and the tables of docs/
	@$(PYTHON) -B deploy/docs/generate.py $< $(VERSION) docs
	@deploy/check/settings.sh --write $(SERVICES) >/dev/null
check-docs: $(GEN)/described.binpb $(addprefix bin/,$(SERVICES)) ; @deploy/check/docs.sh $< $(VERSION)
# With the comments of the .proto files, which the descriptor set of the build leaves out.
$(GEN)/described.binpb: $(GEN)/.protos
	@protoc -I proto -I /usr/include --include_imports --include_source_info -o $@ $(PROTOS)
