// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tepui.api.service.PluginException;
import org.tepui.api.service.PluginException.Kind;
import org.tepui.api.service.PluginInfo;
import org.tepui.api.service.PluginInfo.Origin;
import org.tepui.api.service.PluginService;
import org.tepui.api.service.PluginUser.Standing;
import org.tepui.api.service.PluginUser.Use;
import org.tepui.plugins.JournalEntry.Action;
import org.tepui.runtime.Clock;

/**
 * Changes the set of plug-ins: brings up the new beside the old, waits until the old is not used any more, writes down
 * what is installed now, and only then takes the old down. What fails before it is written down is undone.
 *
 * <p>Owned by one thread, on which every call may block. The set of plug-ins, their earlier versions and the journal
 * are hard state, in {@link PluginStore}; the bundles are soft and are installed again at each start.
 */
final class PluginManager {
    private static final Logger log = LoggerFactory.getLogger(PluginManager.class);

    private final PluginStore store;
    private final PluginBundles bundles;
    private final PluginUsers users;
    private final Clock clock;
    private final Map<String, Bundle> running = new TreeMap<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    PluginManager(PluginStore store, PluginBundles bundles, PluginUsers users, Clock clock) {
        this.store = store;
        this.bundles = bundles;
        this.users = users;
        this.clock = clock;
    }

    /** What is remembered. Not to be changed by the caller. */
    PluginState state() {
        return store.state();
    }

    /**
     * Brings up what was installed before the last stop, in the same order. What does not come up is logged, and tried
     * again at the next start.
     */
    void restore() throws InterruptedException {
        for (PluginRecord record : store.state().current()) {
            try {
                restore(record);
            } catch (PluginException | IOException e) {
                failed.put(record.name(), String.valueOf(e.getMessage()));
                log.error("Plug-in {}: {}", record.title(), e.getMessage());
            } catch (RuntimeException e) {
                // a node must not be kept down by what was added to it
                failed.put(record.name(), "a bug, the log has more: " + PluginBundles.rootCause(e));
                log.error("A bug: plug-in {} was not brought up", record.title(), e);
            }
        }
        store.sweep();
    }

    private void restore(PluginRecord record) throws PluginException, IOException, InterruptedException {
        Optional<Version> distributed = bundles.ofDistribution(record.name()).map(Bundle::getVersion);
        if (distributed.isPresent()
                && !distributed.get().toString().equals(record.over())
                && distributed.get().compareTo(record.version()) >= 0) {
            log.warn(
                    "Plug-in {} goes: the installation comes with version {} of it now",
                    record.title(),
                    distributed.get());
            PluginState changed = store.state().copy();
            changed.remove(record.name());
            changed.keep(record);
            enter(changed, Action.SUPERSEDE, record.name(), record.version().toString(), "", "distribution");
            store.save(changed);
            return;
        }
        byte[] content = store.read(record.digest());
        PluginJar jar = PluginJar.inspect(store.path(record.digest()), record.title());
        running.put(record.name(), bundles.bringUp(jar, content, record.title()));
    }

    /**
     * Installs a jar, or a new version beside the old.
     *
     * @param content the jar
     * @param label the jar as messages name it
     * @param source the file of the deploy directory that it is; empty if it came by a call
     * @param downgrade whether a lower version than the present one is meant
     */
    PluginInfo install(byte[] content, String label, Optional<DeploySource> source, boolean downgrade)
            throws PluginException, InterruptedException {
        if (content.length == 0) {
            throw new PluginException(Kind.INVALID, label + " is refused: it is empty");
        }
        if (content.length > PluginService.MAXIMUM_JAR_BYTES) {
            throw new PluginException(
                    Kind.INVALID,
                    label + " is refused: it has " + content.length + " bytes; " + PluginService.MAXIMUM_JAR_BYTES
                            + " are allowed");
        }
        try {
            Path path = store.add(content);
            PluginJar jar = PluginJar.inspect(path, label);
            checkVersion(jar, label, downgrade);
            PluginRecord record = new PluginRecord(
                    jar.name(),
                    jar.version(),
                    PluginStore.digest(content),
                    source.isPresent() ? Origin.DEPLOY : Origin.CALL,
                    source.map(DeploySource::file).orElse(""),
                    clock.wallTime(),
                    bundles.ofDistribution(jar.name())
                            .map(bundle -> bundle.getVersion().toString())
                            .orElse(""));
            PluginState changed = store.state().copy();
            changed.current(jar.name()).ifPresent(changed::keep);
            changed.install(record);
            source.ifPresent(file -> changed.addDeployed(file.installed(record)));
            String before = presentVersion(jar.name());
            enter(changed, Action.INSTALL, jar.name(), before, record.version().toString(), by(source));
            take(record, jar, content, label, changed);
            return info(record);
        } catch (IOException e) {
            throw new PluginException(Kind.FAILED, label + " cannot be kept: " + PluginBundles.rootCause(e));
        } finally {
            store.sweep();
        }
    }

    private void checkVersion(PluginJar jar, String label, boolean downgrade) throws PluginException {
        Optional<Bundle> distributed = bundles.ofDistribution(jar.name());
        if (distributed.isPresent() && !PluginBundles.registersPlugIn(distributed.get())) {
            throw new PluginException(
                    Kind.CONFLICT,
                    label + " is refused: " + jar.name() + " is a part of the installation and no plug-in");
        }
        Optional<Version> installed = store.state().current(jar.name()).map(PluginRecord::version);
        boolean same = installed.filter(jar.version()::equals).isPresent()
                || distributed
                        .filter(bundle -> bundle.getVersion().equals(jar.version()))
                        .isPresent();
        if (same) {
            throw new PluginException(
                    Kind.CONFLICT,
                    label + " is refused: " + jar.name() + " " + jar.version()
                            + " is installed already. Give what changed another version, "
                            + new Version(
                                    jar.version().getMajor(),
                                    jar.version().getMinor(),
                                    jar.version().getMicro() + 1)
                            + " for instance");
        }
        Optional<Version> present = installed.or(() -> distributed.map(Bundle::getVersion));
        if (present.isPresent() && jar.version().compareTo(present.get()) < 0 && !downgrade) {
            throw new PluginException(
                    Kind.CONFLICT,
                    label + " is refused: " + jar.name() + " " + jar.version() + " is older than " + present.get()
                            + ", which is installed. Ask for a downgrade if that is meant, or for a rollback to"
                            + " return to the version before");
        }
    }

    /** Brings a version up, lets users take it, writes that down and takes down the one before; or changes nothing. */
    private void take(PluginRecord record, PluginJar jar, byte[] content, String label, PluginState changed)
            throws PluginException, IOException, InterruptedException {
        Optional<Bundle> before = Optional.ofNullable(running.get(record.name()));
        Bundle bundle = bundles.bringUp(jar, content, label);
        try {
            users.awaitTaken(bundle.getBundleId(), before.map(Bundle::getBundleId), label);
            store.save(changed);
        } catch (PluginException | IOException | InterruptedException e) {
            retreat(bundle, label);
            throw e;
        }
        running.put(record.name(), bundle);
        failed.remove(record.name());
        if (before.isPresent()) {
            bundles.takeDown(before.get());
        }
        log.info("Plug-in {} is installed as bundle {}", record.title(), bundle.getBundleId());
    }

    /** Lets users return to what they used before, if they left it, and takes down what was brought up. */
    private void retreat(Bundle bundle, String label) throws InterruptedException {
        try {
            users.release(bundle.getBundleId(), label);
        } catch (PluginException e) {
            log.warn("{}: {}", label, e.getMessage());
        }
        bundles.takeDown(bundle);
    }

    /**
     * Removes a plug-in; {@link #rollback} brings it back.
     *
     * @param version to remove only that version
     * @param by who asks
     */
    PluginInfo remove(String name, Optional<String> version, String by) throws PluginException, InterruptedException {
        PluginRecord record = store.state().current(name).orElseThrow(() -> notInstalled(name));
        if (version.isPresent() && !version.get().equals(record.version().toString())) {
            throw new PluginException(
                    Kind.NOT_FOUND,
                    "plug-in " + name + " " + version.get() + " is not installed: version " + record.version() + " is");
        }
        PluginInfo info = info(record);
        PluginState changed = store.state().copy();
        changed.remove(name);
        changed.keep(record);
        enter(changed, Action.REMOVE, name, record.version().toString(), "", by);
        leave(record, changed);
        return info;
    }

    /** Lets users do without the present version, writes that down, and takes it down. */
    private void leave(PluginRecord record, PluginState changed) throws PluginException, InterruptedException {
        Bundle bundle = running.get(record.name());
        try {
            if (bundle != null) {
                users.release(bundle.getBundleId(), record.title());
            }
            store.save(changed);
        } catch (IOException e) {
            throw new PluginException(
                    Kind.FAILED, record.title() + " stays: " + PluginBundles.rootCause(e) + ". Nothing uses it now");
        }
        running.remove(record.name());
        failed.remove(record.name());
        if (bundle != null) {
            bundles.takeDown(bundle);
        }
        log.info("Plug-in {} is removed", record.title());
    }

    private PluginException notInstalled(String name) {
        if (bundles.ofDistribution(name).filter(PluginBundles::registersPlugIn).isPresent()) {
            return new PluginException(
                    Kind.CONFLICT,
                    name + " belongs to the installation and cannot be removed; it rests while something else is used");
        }
        return new PluginException(
                Kind.NOT_FOUND,
                "there is no plug-in " + PluginJar.printable(name) + ": installed are "
                        + store.state().current().stream()
                                .map(PluginRecord::name)
                                .toList());
    }

    /** Returns to the version before the present one, or to the last one if none is installed. */
    PluginInfo rollback(String name, String by) throws PluginException, InterruptedException {
        PluginState changed = store.state().copy();
        Optional<PluginRecord> present = changed.current(name);
        Optional<PluginRecord> earlier = changed.takeEarlier(name);
        Optional<Bundle> distributed = bundles.ofDistribution(name).filter(PluginBundles::registersPlugIn);
        if (earlier.isPresent()) {
            return rollback(earlier.get(), changed, by);
        }
        if (present.isPresent() && distributed.isPresent()) {
            changed.remove(name);
            enter(changed, Action.ROLLBACK, name, present.get().version().toString(), "", by);
            leave(present.get(), changed);
            return distributedInfo(distributed.get());
        }
        if (present.isEmpty() && distributed.isEmpty()) {
            throw notInstalled(name);
        }
        throw new PluginException(
                Kind.CONFLICT,
                "there is no version of " + name + " before "
                        + present.map(record -> record.version().toString())
                                .or(() -> distributed.map(
                                        bundle -> bundle.getVersion().toString()))
                                .orElse("")
                        + " to return to");
    }

    private PluginInfo rollback(PluginRecord earlier, PluginState changed, String by)
            throws PluginException, InterruptedException {
        String from = presentVersion(earlier.name());
        PluginRecord record = new PluginRecord(
                earlier.name(),
                earlier.version(),
                earlier.digest(),
                earlier.origin(),
                earlier.file(),
                clock.wallTime(),
                bundles.ofDistribution(earlier.name())
                        .map(bundle -> bundle.getVersion().toString())
                        .orElse(""));
        changed.install(record);
        enter(changed, Action.ROLLBACK, earlier.name(), from, earlier.version().toString(), by);
        try {
            byte[] content = store.read(earlier.digest());
            PluginJar jar = PluginJar.inspect(store.path(earlier.digest()), earlier.title());
            take(record, jar, content, earlier.title(), changed);
            return info(record);
        } catch (IOException e) {
            throw new PluginException(
                    Kind.FAILED, "the rollback to " + earlier.title() + " failed: " + PluginBundles.rootCause(e));
        }
    }

    /** All plug-ins, those of the distribution included. */
    List<PluginInfo> list() {
        List<PluginInfo> infos = new ArrayList<>();
        store.state().current().forEach(record -> infos.add(info(record)));
        bundles.ofDistribution().forEach(bundle -> infos.add(distributedInfo(bundle)));
        infos.sort(Comparator.comparing(PluginInfo::name)
                .thenComparing(Comparator.comparingLong(PluginInfo::bundleId).reversed()));
        return infos;
    }

    /** Forgets or remembers a file of the deploy directory; that costs at most that it is tried again. */
    void updateDeployed(PluginState changed) {
        try {
            store.save(changed);
        } catch (IOException e) {
            log.warn("What was deployed cannot be written down: {}", e.getMessage());
        }
    }

    private PluginInfo info(PluginRecord record) {
        Bundle bundle = running.get(record.name());
        List<String> earlier = store.state().earlier(record.name()).stream()
                .map(kept -> kept.version().toString())
                .toList();
        return bundle == null
                ? record.info(-1, "does not run: " + failed.getOrDefault(record.name(), "not known why"), earlier)
                : record.info(bundle.getBundleId(), use(bundle), earlier);
    }

    private PluginInfo distributedInfo(Bundle bundle) {
        return new PluginInfo(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                bundle.getBundleId(),
                Origin.DISTRIBUTION,
                "",
                java.time.Instant.ofEpochMilli(bundle.getLastModified()),
                "",
                use(bundle),
                List.of());
    }

    private String use(Bundle bundle) {
        Use use = users.useOf(bundle.getBundleId());
        boolean silent = use.standing() == Standing.UNUSED || !use.reason().isEmpty();
        return silent
                ? use.reason()
                : use.standing().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    private String presentVersion(String name) {
        return store.state()
                .current(name)
                .map(record -> record.version().toString())
                .orElse("");
    }

    private static String by(Optional<DeploySource> source) {
        return source.map(DeploySource::file).orElse("call");
    }

    private void enter(PluginState changed, Action action, String name, String from, String to, String by) {
        changed.addEntry(new JournalEntry(changed.nextEntryNumber(), clock.wallTime(), action, name, from, to, by));
    }
}
