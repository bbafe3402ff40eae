package city.canopy.core.demo.past;

/** Something of the past that has its moment, besides the usual reports. Milliseconds since the scenario's start. */
sealed interface Happening {
    long at();

    /** A device reports out of its rhythm because of what happens to it. */
    record Alarm(long at, Incident incident) implements Happening {}

    /** Time has passed: who has been silent for too long, or has spoken again? */
    record Look(long at, Incident incident) implements Happening {}

    /** Somebody does something about it. */
    record Act(long at, Incident incident, String service, Deed deed) implements Happening {}

    /** What people do. */
    enum Deed {
        /** A citizen reports it too. */
        REPORT,
        /** The dispatcher gives it to a team. */
        ASSIGN,
        /** The team is there. */
        START,
        /** The team says what it did. */
        REMARK,
        /** The team says that it is done, where no sensor can tell. */
        RESOLVE,
        /** The dispatcher agrees. */
        CLOSE,
        /** It was none. */
        REJECT,
        /** Another ticket stands for it. */
        MERGE
    }
}
