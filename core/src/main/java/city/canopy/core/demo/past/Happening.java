package city.canopy.core.demo.past;

import city.canopy.core.demo.crew.Deed;

/** Something of the past that has its moment, besides the usual reports. Milliseconds since the scenario's start. */
sealed interface Happening {
    long at();

    /** A device reports out of its rhythm because of what happens to it. */
    record Alarm(long at, Incident incident) implements Happening {}

    /** Time has passed: who has been silent for too long, or has spoken again? */
    record Look(long at, Incident incident) implements Happening {}

    /** Somebody does something about it. */
    record Act(long at, Incident incident, String service, Deed deed) implements Happening {}
}
