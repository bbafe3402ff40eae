package city.canopy.core.tickets;

import city.canopy.core.photos.Photo;
import city.canopy.core.rules.Finding;
import city.canopy.core.rules.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A ticket while it is being worked on within one transaction: what it was, and what has come to it. Knows what a finding
 * or a person's wish does to a ticket, and nothing of the database.
 */
final class TicketDraft {
    /** A witness and its number in the database; 0 for a new one. */
    record Numbered(long number, Witness witness) {}

    private final Instant now;
    private final List<Numbered> witnesses;
    private final List<Photo> photos;
    private final List<TicketEvent> events = new ArrayList<>();
    private final List<Integer> clearedOld = new ArrayList<>();
    private Ticket ticket;
    private boolean visible;

    /** One that is not in the database yet. */
    TicketDraft(Ticket fresh, Instant now) {
        this(fresh, List.of(), List.of(), now);
    }

    TicketDraft(Ticket ticket, List<Numbered> witnesses, List<Photo> photos, Instant now) {
        this.ticket = ticket;
        this.witnesses = new ArrayList<>(witnesses);
        this.photos = new ArrayList<>(photos);
        this.now = now;
    }

    Ticket ticket() {
        return ticket;
    }

    List<Witness> witnesses() {
        return witnesses.stream().map(Numbered::witness).toList();
    }

    List<Photo> photos() {
        return Collections.unmodifiableList(photos);
    }

    List<TicketEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** Whether there is anything that others can see. */
    boolean isVisible() {
        return visible;
    }

    List<Witness> newWitnesses() {
        return witnesses.stream()
                .filter(numbered -> numbered.number() == 0)
                .map(Numbered::witness)
                .toList();
    }

    /** Witnesses that were in the database already and have stopped saying so. */
    List<Numbered> clearedWitnesses() {
        return clearedOld.stream().map(witnesses::get).toList();
    }

    /** A fresh ticket has been opened. */
    void opened(String actor, Map<String, Object> detail) {
        visible = true;
        events.add(new TicketEvent(now, actor, "opened", detail));
    }

    /** A sensor has come to say so. Nothing happens when it is saying so already. */
    void raise(Finding.Raise raise) {
        if (firing(raise) >= 0) {
            return;
        }
        Witness witness = new Witness(
                Witness.Kind.SENSOR,
                raise.at(),
                raise.source().device().value(),
                Optional.of(new Witness.Sensed(
                        raise.rule().id(),
                        raise.rule().version(),
                        raise.source().datastream(),
                        raise.since(),
                        raise.proof().value(),
                        raise.proof().frame(),
                        raise.proof().seen())),
                Optional.empty());
        witnesses.add(new Numbered(0, witness));
        log(actor(raise), "witness", detail("ref", witness.ref(), "at", raise.at()));
        Priority priority = ticket.priority().atLeast(raise.rule().priority());
        if (priority != ticket.priority()) {
            log(actor(raise), "priority", detail("from", ticket.priority().wire(), "to", priority.wire()));
        }
        TicketState status = ticket.status();
        if (status == TicketState.RESOLVED) {
            status = TicketState.OPEN;
            log(actor(raise), "reopened", detail("ref", witness.ref(), "at", raise.at()));
        }
        stand(status, priority, ticket.standing().assignee());
    }

    /** A sensor says so no longer. When it was the last one the ticket is proposed as resolved. */
    boolean clear(Finding.Clear clear) {
        int index = firing(clear);
        if (index < 0) {
            return false;
        }
        Numbered numbered = witnesses.get(index);
        witnesses.set(index, new Numbered(numbered.number(), numbered.witness().clearedAt(clear.at())));
        if (numbered.number() != 0) {
            clearedOld.add(index);
        }
        log(actor(clear), "witness_cleared", detail("ref", numbered.witness().ref(), "at", clear.at()));
        boolean over = witnesses.stream().noneMatch(other -> other.witness().isFiring());
        if (over && ticket.status().isLive() && ticket.status() != TicketState.RESOLVED) {
            Map<String, Object> detail = detail("from", ticket.status().wire(), "at", clear.at());
            detail.put("proposed", true);
            log(actor(clear), "resolved", detail);
            stand(TicketState.RESOLVED, ticket.priority(), ticket.standing().assignee());
        }
        return true;
    }

    /** A person's wish, which has been found to be allowed. */
    void act(TicketChange change, String actor) {
        if (change instanceof TicketChange.Move move) {
            move(move, actor);
        } else if (change instanceof TicketChange.Comment comment) {
            log(actor, "comment", detail("text", comment.text()));
            stand(ticket.status(), ticket.priority(), ticket.standing().assignee());
        } else if (change instanceof TicketChange.Assign assign) {
            assign(assign.to(), actor);
        } else if (change instanceof TicketChange.Merge merge) {
            merge(merge, actor);
        } else if (change instanceof TicketChange.Reprioritise wish) {
            Map<String, Object> detail =
                    detail("from", ticket.priority().wire(), "to", wish.to().wire());
            wish.reason().ifPresent(reason -> detail.put("reason", reason));
            log(actor, "priority", detail);
            stand(ticket.status(), wish.to(), ticket.standing().assignee());
        } else if (change instanceof TicketChange.Testify report) {
            testify(report, actor);
        }
    }

    private void testify(TicketChange.Testify report, String actor) {
        Witness witness = new Witness(report.kind(), now, report.ref(), Optional.empty(), Optional.empty());
        witnesses.add(new Numbered(0, witness));
        log(actor, "witness", detail("ref", witness.ref(), "at", now));
        log(actor, "comment", detail("text", report.text()));
        stand(ticket.status(), ticket.priority(), ticket.standing().assignee());
    }

    /** Somebody shows what it looks like. */
    void show(Photo photo) {
        photos.add(photo);
        log(photo.addedBy(), "photo", detail("photo", photo.id()));
        stand(ticket.status(), ticket.priority(), ticket.standing().assignee());
    }

    /** Another ticket was merged into this one. */
    void takeIn(TicketId merged, String actor) {
        log(actor, "took_in", detail("ticket", merged.value()));
        stand(ticket.standing());
    }

    private void move(TicketChange.Move move, String actor) {
        log(actor, "status", moved(move.to(), move.reason()));
        stand(move.to(), ticket.priority(), ticket.standing().assignee());
    }

    private void merge(TicketChange.Merge merge, String actor) {
        Map<String, Object> detail = moved(TicketState.MERGED, merge.reason());
        detail.put("into", merge.into().value());
        log(actor, "status", detail);
        stand(new Ticket.Standing(
                TicketState.MERGED, ticket.priority(), ticket.standing().assignee(), Optional.of(merge.into())));
    }

    private Map<String, Object> moved(TicketState to, Optional<String> reason) {
        Map<String, Object> detail = detail("from", ticket.status().wire(), "to", to.wire());
        reason.ifPresent(text -> detail.put("reason", text));
        long firing =
                witnesses.stream().filter(other -> other.witness().isFiring()).count();
        if (firing > 0 && (to == TicketState.RESOLVED || !to.isLive())) {
            detail.put("still_firing", firing);
        }
        return detail;
    }

    private void assign(Optional<String> to, String actor) {
        Map<String, Object> detail = new TreeMap<>();
        to.ifPresent(name -> detail.put("to", name));
        log(actor, "assigned", detail);
        TicketState status = ticket.status();
        if (to.isPresent() && status == TicketState.OPEN) {
            status = TicketState.ASSIGNED;
        } else if (to.isEmpty() && status == TicketState.ASSIGNED) {
            status = TicketState.OPEN;
        }
        stand(status, ticket.priority(), to);
    }

    private void stand(TicketState status, Priority priority, Optional<String> assignee) {
        stand(new Ticket.Standing(status, priority, assignee, ticket.standing().mergedInto()));
    }

    private void stand(Ticket.Standing standing) {
        TicketState status = standing.status();
        Ticket.Times times = ticket.times();
        Optional<Instant> resolved = switch (status) {
            case RESOLVED -> Optional.of(times.resolved().orElse(now));
            case OPEN, ASSIGNED, IN_PROGRESS -> Optional.empty();
            case CLOSED -> Optional.of(times.resolved().orElse(now));
            case REJECTED, MERGED, WITHDRAWN -> times.resolved();
        };
        Optional<Instant> closed = status.isLive() ? Optional.empty() : Optional.of(now);
        ticket = new Ticket(
                ticket.id(),
                ticket.about(),
                ticket.place(),
                standing,
                new Ticket.Times(times.opened(), times.due(), now, resolved, closed),
                visible ? ticket.version() : ticket.version() + 1);
        visible = true;
    }

    private int firing(Finding finding) {
        for (int i = 0; i < witnesses.size(); i++) {
            Witness witness = witnesses.get(i).witness();
            if (witness.isFiring()
                    && witness.sensed().isPresent()
                    && witness.sensed().get().rule().equals(finding.rule().id())
                    && witness.sensed().get().datastream() == finding.source().datastream()
                    && witness.ref().equals(finding.source().device().value())) {
                return i;
            }
        }
        return -1;
    }

    private void log(String actor, String kind, Map<String, Object> detail) {
        events.add(new TicketEvent(now, actor, kind, detail));
    }

    private static String actor(Finding finding) {
        return "rule:" + finding.rule().id();
    }

    private static Map<String, Object> detail(String name, Object value) {
        Map<String, Object> detail = new TreeMap<>();
        detail.put(name, value instanceof Instant instant ? instant.toString() : value);
        return detail;
    }

    private static Map<String, Object> detail(String name, Object value, String name2, Object value2) {
        Map<String, Object> detail = detail(name, value);
        detail.putAll(detail(name2, value2));
        return detail;
    }
}
