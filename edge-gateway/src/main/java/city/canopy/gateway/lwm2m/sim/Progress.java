package city.canopy.gateway.lwm2m.sim;

/**
 * How far a fleet is.
 *
 * @param members how many devices it has
 * @param registered how many of them are registered now, as far as they know
 * @param sends how many Sends were asked of them
 * @param acknowledged how many of those the gateway has taken
 * @param refused how many it has refused, or not answered
 * @param retransmissions how many messages were sent once more because no answer came
 */
public record Progress(
        int members, int registered, long sends, long acknowledged, long refused, long retransmissions) {}
