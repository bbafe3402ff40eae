package city.canopy.core.tickets;

import city.canopy.core.packs.TicketService;
import city.canopy.core.photos.Developed;
import city.canopy.core.photos.PgPhotos;
import city.canopy.core.photos.Photo;
import city.canopy.core.rules.Finding;
import city.canopy.core.rules.Priority;
import city.canopy.core.series.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The one door for opening and moving tickets. Everything happens in the caller's transaction; tickets are locked in key
 * order (layer, feature, service), so that two callers wait for each other rather than block each other. Thread-safe.
 *
 * <p>There is one live ticket for a subject and service. A sensor that says the same again changes nothing: one witness
 * stands for each time that one rule fires on one datastream.
 */
public final class TicketDesk {
    /** How many photos a ticket takes. */
    public static final int MAX_PHOTOS = 20;

    /** A database that keeps refusing what it has just reported missing is broken. */
    private static final int MAX_ROUNDS = 5;

    private final Supplier<Map<String, TicketService>> services;
    private final TicketPlaces places;
    private final TicketIds ids;

    /**
     * What a batch came to.
     *
     * @param opened how many tickets are new
     * @param touched how many others have visibly changed
     */
    public record Raised(int opened, int touched) {}

    /** @param services every ticket service that a rule may call for, by id, as they stand */
    public TicketDesk(Supplier<Map<String, TicketService>> services, TicketPlaces places, TicketIds ids) {
        this.services = Objects.requireNonNull(services, "services");
        this.places = Objects.requireNonNull(places, "places");
        this.ids = Objects.requireNonNull(ids, "ids");
    }

    /** Takes in what rules found, in that order. The same again changes nothing. */
    public Raised raise(Connection connection, List<Finding> findings, Instant now) throws SQLException {
        if (findings.isEmpty()) {
            return new Raised(0, 0);
        }
        Map<TicketKey, List<Finding>> byKey = new TreeMap<>();
        for (Finding finding : findings) {
            byKey.computeIfAbsent(
                            new TicketKey(finding.subject(), finding.rule().service()), key -> new ArrayList<>())
                    .add(finding);
        }
        Map<TicketKey, Finding.Raise> wanted = new TreeMap<>();
        byKey.forEach((key, list) -> list.stream()
                .filter(Finding.Raise.class::isInstance)
                .findFirst()
                .ifPresent(first -> wanted.put(key, (Finding.Raise) first)));
        Map<TicketKey, TicketDraft> opened = new HashMap<>();
        Map<TicketKey, TicketDraft> drafts = draft(connection, byKey.keySet(), wanted, opened, now);
        List<Finding.Clear> orphans = apply(byKey, drafts);
        PgTickets.save(connection, List.copyOf(new TreeMap<>(drafts).values()));
        PgTickets.clearElsewhere(connection, orphans);
        int touched =
                (int) drafts.values().stream().filter(TicketDraft::isVisible).count() - opened.size();
        return new Raised(opened.size(), touched);
    }

    /** Locks the tickets that are there and opens those that are wanted and are not. */
    private Map<TicketKey, TicketDraft> draft(
            Connection connection,
            Iterable<TicketKey> keys,
            Map<TicketKey, Finding.Raise> wanted,
            Map<TicketKey, TicketDraft> opened,
            Instant now)
            throws SQLException {
        List<TicketKey> unseen = new ArrayList<>();
        keys.forEach(unseen::add);
        Map<TicketKey, TicketDraft> drafts = new HashMap<>();
        for (int round = 0; !unseen.isEmpty(); round++) {
            if (round == MAX_ROUNDS) {
                throw new SQLException(
                        "tickets came and went " + MAX_ROUNDS + " times while they were being locked", "40001");
            }
            drafts.putAll(PgTickets.lock(connection, unseen, now));
            unseen.removeIf(key -> drafts.containsKey(key) || !wanted.containsKey(key));
            Map<TicketKey, Ticket> fresh = new TreeMap<>();
            for (TicketKey key : unseen) {
                fresh.put(key, fresh(wanted.get(key), now));
            }
            for (TicketId id : PgTickets.insert(connection, List.copyOf(fresh.values()))) {
                fresh.forEach((key, ticket) -> {
                    if (ticket.id().equals(id)) {
                        opened.put(key, opened(ticket, wanted.get(key), now));
                    }
                });
            }
            drafts.putAll(opened);
            unseen.removeIf(drafts::containsKey);
        }
        return drafts;
    }

    private static List<Finding.Clear> apply(Map<TicketKey, List<Finding>> byKey, Map<TicketKey, TicketDraft> drafts) {
        List<Finding.Clear> orphans = new ArrayList<>();
        byKey.forEach((key, list) -> {
            TicketDraft draft = drafts.get(key);
            for (Finding finding : list) {
                if (finding instanceof Finding.Raise raise) {
                    draft.raise(raise);
                } else if (finding instanceof Finding.Clear clear && (draft == null || !draft.clear(clear))) {
                    orphans.add(clear);
                }
            }
        });
        return orphans;
    }

    private TicketService service(String id) {
        TicketService service = services.get().get(id);
        if (service == null) {
            throw new IllegalStateException("no pack brings the ticket service " + id);
        }
        return service;
    }

    private Ticket fresh(Finding.Raise raise, Instant now) {
        Ticket.About about = new Ticket.About(
                raise.rule().service(),
                raise.subject(),
                raise.rule().id(),
                raise.rule().title());
        return fresh(about, raise.rule().priority(), raise.subject(), now);
    }

    private Ticket fresh(Ticket.About about, Priority priority, Subject subject, Instant now) {
        return new Ticket(
                ids.next(now),
                about,
                places.of(subject),
                new Ticket.Standing(TicketState.OPEN, priority, Optional.empty(), Optional.empty()),
                new Ticket.Times(
                        now, now.plus(service(about.service()).target()), now, Optional.empty(), Optional.empty()),
                1);
    }

    private static TicketDraft opened(Ticket ticket, Finding.Raise raise, Instant now) {
        TicketDraft draft = new TicketDraft(ticket, now);
        draft.opened(
                "rule:" + raise.rule().id(),
                Map.of(
                        "rule", raise.rule().id(),
                        "rule_version", raise.rule().version(),
                        "since", raise.since().toString()));
        return draft;
    }

    /**
     * Does what a person wishes.
     *
     * @param actor {@code user:ID} or {@code token:ID}
     * @param expected the version that the person has seen, if that matters
     */
    public ActOutcome act(
            Connection connection, TicketId id, TicketChange change, String actor, OptionalLong expected, Instant now)
            throws SQLException {
        Set<TicketId> concerned = new HashSet<>(Set.of(id));
        if (change instanceof TicketChange.Merge merge) {
            concerned.add(merge.into());
        }
        Map<TicketId, TicketDraft> found = PgTickets.lockAll(connection, concerned, now);
        TicketDraft draft = found.get(id);
        if (draft == null) {
            return new ActOutcome.Unknown();
        }
        Ticket ticket = draft.ticket();
        if (expected.isPresent() && expected.getAsLong() != ticket.version()) {
            return new ActOutcome.Stale(ticket.version());
        }
        Optional<TicketDraft> target = change instanceof TicketChange.Merge merge
                ? Optional.ofNullable(found.get(merge.into()))
                : Optional.empty();
        Optional<ActOutcome.Refused> refused = Allowed.refusal(ticket, change, target.map(TicketDraft::ticket));
        if (refused.isPresent()) {
            return refused.get();
        }
        draft.act(change, actor);
        target.ifPresent(other -> other.takeIn(id, actor));
        PgTickets.save(connection, target.isPresent() ? List.of(draft, target.get()) : List.of(draft));
        return new ActOutcome.Done(draft.ticket(), draft.witnesses(), draft.photos());
    }

    /**
     * Adds a photo, whatever the ticket's status: what it looked like afterwards is worth knowing as well.
     *
     * @param takenAt by the camera's clock, where it says so
     */
    public ActOutcome show(
            Connection connection,
            TicketId id,
            Developed.Ready pixels,
            Optional<Instant> takenAt,
            String actor,
            Instant now)
            throws SQLException {
        Optional<TicketDraft> found = PgTickets.lock(connection, id, now);
        if (found.isEmpty()) {
            return new ActOutcome.Unknown();
        }
        TicketDraft draft = found.get();
        if (draft.photos().size() >= MAX_PHOTOS) {
            return new ActOutcome.Refused(
                    "too_many_photos", "the ticket has " + MAX_PHOTOS + " photos, and takes no more");
        }
        Photo photo =
                new Photo(ids.next(now).value(), id.value(), pixels.width(), pixels.height(), takenAt, now, actor);
        PgPhotos.insert(connection, photo, pixels);
        draft.show(photo);
        PgTickets.save(connection, List.of(draft));
        return new ActOutcome.Done(draft.ticket(), draft.witnesses(), draft.photos());
    }

    /** Opens a ticket that a person asks for, unless there is one. */
    public ActOutcome open(Connection connection, NewTicket wish, String actor, Instant now) throws SQLException {
        Map<String, TicketService> known = services.get();
        TicketService service = known.get(wish.service());
        if (service == null) {
            return new ActOutcome.Refused(
                    "unknown_service",
                    "there are the services " + String.join(", ", new java.util.TreeSet<>(known.keySet())));
        }
        if (!places.isKnown(wish.subject())) {
            return new ActOutcome.Refused(
                    "unknown_subject",
                    "there is no " + wish.subject().id() + " in "
                            + wish.subject().layer());
        }
        TicketKey key = new TicketKey(wish.subject(), wish.service());
        for (int round = 0; round < MAX_ROUNDS; round++) {
            TicketDraft there = PgTickets.lock(connection, List.of(key), now).get(key);
            if (there != null) {
                return new ActOutcome.AlreadyOpen(there.ticket(), there.witnesses());
            }
            Map<String, String> title = wish.title().isEmpty() ? service.title() : wish.title();
            Ticket ticket = fresh(
                    new Ticket.About(wish.service(), wish.subject(), null, title),
                    wish.priority().orElse(service.priority()),
                    wish.subject(),
                    now);
            if (!PgTickets.insert(connection, List.of(ticket)).isEmpty()) {
                TicketDraft draft = new TicketDraft(ticket, now);
                draft.opened(
                        actor,
                        wish.comment()
                                .<Map<String, Object>>map(text -> Map.of("comment", text))
                                .orElse(Map.of()));
                PgTickets.save(connection, List.of(draft));
                return new ActOutcome.Done(ticket, List.of(), List.of());
            }
        }
        throw new SQLException("the ticket came and went " + MAX_ROUNDS + " times while it was being opened", "40001");
    }
}
