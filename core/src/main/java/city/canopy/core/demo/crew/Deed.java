package city.canopy.core.demo.crew;

/** What people do about a ticket. */
public enum Deed {
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
