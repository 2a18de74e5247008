# What other systems build with: libkehu, its header, its pkg-config file, and kehuctl. DESTDIR is honoured.

PREFIX ?= /usr/local
INSTALL_LIB := $(DESTDIR)$(PREFIX)/lib

.PHONY: install
install: build ## libkehu, kehu.h, kehu.pc and kehuctl into PREFIX (/usr/local)
	install -d $(INSTALL_LIB)/pkgconfig $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/bin
	install -m 755 build/rel/libkehu.so $(INSTALL_LIB)/libkehu.so.$(VERSION)
	ln -sf libkehu.so.$(VERSION) $(INSTALL_LIB)/libkehu.so.1
	ln -sf libkehu.so.1 $(INSTALL_LIB)/libkehu.so
	install -m 644 clients/libkehu/include/kehu.h $(DESTDIR)$(PREFIX)/include/kehu.h
	sed -e 's,@PREFIX@,$(PREFIX),' -e 's,@VERSION@,$(VERSION),' clients/libkehu/kehu.pc.in > $(INSTALL_LIB)/pkgconfig/kehu.pc
	install -m 755 bin/kehuctl $(DESTDIR)$(PREFIX)/bin/kehuctl
