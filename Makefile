# Linli: the few commands one needs. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run cluster test month faults bench lighthouse audit dist fmt clean setup site server

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: site server ## build what has changed and start Linli with its demo district
	@LINLI_DEMO=1 LINLI_SITE_DIR=target/site exec target/debug/linli serve

cluster: site server ## start a Linli of many machines on this one: HAProxy, 3 servers, PostgreSQL with a standby, S3
	@tools/setup.sh cluster
	@cargo build --package server --example s3
	@exec node tools/cluster.mjs

test: ## check everything, from formatting to the browser; one line at the end says how it went
	@tools/test.sh

month: ## count every figure of a whole month (30 communities, 55,165 due reports) again from its events, on both engines
	@tools/setup.sh test
	@LINLI_TEST_MONTH=whole tools/postgres.sh cargo test --package server --test it -- --nocapture month::

faults: site server ## kill, cut off, starve and fuzz servers for about half an hour, and see that nothing is lost
	@tools/setup.sh faults
	@tools/faults.sh

bench: site ## measure the release build and write docs/benchmarks.md; CASES="photos filing" measures and replaces only these
	@tools/setup.sh bench
	@tools/setup.sh lighthouse
	@TMPDIR=/var/tmp tools/postgres.sh cargo bench --package server --bench linli -- $(CASES)

lighthouse: site server ## judge the pages that people open most as a phone on slow 4G has them (Lighthouse)
	@tools/setup.sh lighthouse
	@node tools/lighthouse/run.mjs

audit: ## check licences, sources and known vulnerabilities of what others wrote; fails if a database cannot be read
	@tools/setup.sh test
	@LINLI_AUDIT=strict tools/audit.sh

dist: site ## the release: target/dist/linli, the site folder and examples of what goes around it
	cargo build --release --package server
	rm -rf target/dist
	mkdir -p target/dist
	cp target/release/linli target/dist/linli
	cp -R target/site target/dist/site
	cp -R deploy target/dist/deploy
	@ls -lh target/dist/linli

fmt: ## format the Rust sources
	cargo fmt --all

clean: ## remove all that was built; data and installed tools stay
	rm -rf target

setup:
	@tools/setup.sh build

site: setup
	@node tools/build-site.mjs

server: setup
	@cargo build --package server
