package city.canopy.core.demo.past;

import city.canopy.core.demo.crew.Deed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The kinds of trouble that a city's past is made of: whom it strikes, how often, and how long it is worked on. */
enum Trouble {
    OVERFLOW("generic-bin", "waste-overflow", 120, new Hours(12, 22), new Work(180, 960, 1_500, 2_400)),
    FIRE("generic-bin", "waste-fire", 6, new Hours(10, 20), new Work(12, 45, 65, 110)),
    DRY("generic-soil-probe", "tree-watering", 60, new Hours(6, 18), new Work(600, 2_100, 2_950, 4_500)),
    LEAN("generic-tilt", "tree-hazard", 10, new Hours(0, 24), new Work(40, 95, 125, 230)),
    FLOOD("generic-water-level", "road-flood", 40, new Hours(0, 24), new Work(35, 100, 125, 210)),
    MANHOLE("generic-manhole", "manhole-open", 28, new Hours(6, 21), new Work(20, 95, 125, 300)),
    DUST("generic-roadside-air", "road-washing", 22, new Hours(8, 11), new Work(90, 330, 490, 700)),
    SILENCE("", "device-check", 34, new Hours(0, 24), new Work(300, 2_900, 4_400, 6_500));

    private static final List<String> REPORTS = List.of(
            "Thùng rác đầy từ chiều, túi rác để cả xuống lòng đường, mùi rất khó chịu.",
            "Rác tràn ra vỉa hè, chó mèo bới tung, đề nghị cho xe đến thu gom.",
            "Điểm rác trước nhà tôi quá tải, ruồi nhiều, mong đội vệ sinh xử lý sớm.");

    /** In which hours of the local day it begins. */
    private record Hours(int from, int to) {}

    /** How many minutes pass from the ticket to the remedy: as a rule from, to; when late from, to. */
    private record Work(int least, int most, int leastLate, int mostLate) {}

    private final String profile;
    private final String service;
    private final int perQuarter;
    private final Hours hours;
    private final Work work;

    Trouble(String profile, String service, int perQuarter, Hours hours, Work work) {
        this.profile = profile;
        this.service = service;
        this.perQuarter = perQuarter;
        this.hours = hours;
        this.work = work;
    }

    /** Whether it can strike a device of this profile. */
    boolean strikes(String deviceProfile) {
        return profile.isEmpty() || profile.equals(deviceProfile);
    }

    /** The ticket service that its rule calls for. */
    String service() {
        return service;
    }

    /** How often it comes in 90 days in a city with a thousand calm devices or more. */
    int perQuarter() {
        return perQuarter;
    }

    /** How long it has to last before its rule opens a ticket, in milliseconds; silence is counted by the profile. */
    long hold() {
        return switch (this) {
            case DRY -> TimeUnit.HOURS.toMillis(6);
            case DUST -> TimeUnit.HOURS.toMillis(1);
            default -> 0;
        };
    }

    /** Whether crews go out at night as well. */
    boolean isUrgent() {
        return this == FIRE || this == LEAN || this == FLOOD || this == MANHOLE;
    }

    /** Whether somebody may find that the sensor was wrong. */
    boolean isDoubtful() {
        return this == OVERFLOW || this == DRY || this == MANHOLE;
    }

    /** Another service whose ticket may be opened along with it. */
    Optional<String> companion() {
        return switch (this) {
            case FLOOD -> Optional.of("flood-watch");
            case OVERFLOW -> Optional.of("waste-missed-collection");
            default -> Optional.empty();
        };
    }

    /** An hour of the local day at which it begins. */
    double hour(double chance) {
        return hours.from() + chance * (hours.to() - hours.from());
    }

    /** Milliseconds from the ticket to the remedy. */
    long work(boolean late, double chance) {
        double least = late ? work.leastLate() : work.least();
        double most = late ? work.mostLate() : work.most();
        return TimeUnit.MINUTES.toMillis(Math.round(least + chance * (most - least)));
    }

    /**
     * What is said with a deed.
     *
     * @param number tells one citizen's words from another's, 0 or more
     */
    String words(Deed deed, long number) {
        return switch (deed) {
            case REPORT -> REPORTS.get((int) (number % REPORTS.size()));
            case REMARK, RESOLVE -> remark();
            case REJECT ->
                this == MANHOLE
                        ? "Nắp cống vẫn đậy kín, công tắc từ bị kẹt bùn; đã vệ sinh cảm biến."
                        : "Kiểm tra tại chỗ: cảm biến báo sai, đã hiệu chỉnh lại.";
            case MERGE -> "Đã có phiếu cho điểm ngay bên cạnh; xử lý chung một chuyến.";
            case ASSIGN, START, CLOSE -> "";
        };
    }

    private String remark() {
        return switch (this) {
            case OVERFLOW -> "Đã thu gom hết rác và quét sạch mặt đường quanh điểm rác.";
            case FIRE -> "Đã dập lửa, đổ nước làm nguội thùng; không ai bị thương.";
            case DRY -> "Đã tưới đẫm gốc cây, xới lại bồn và phủ rơm giữ ẩm.";
            case LEAN -> "Đã chống bốn cọc, dựng thẳng thân cây và cắt bớt cành nặng.";
            case FLOOD -> "Đã khơi miệng cống, nước rút hết; đã gỡ biển cảnh báo.";
            case MANHOLE -> "Đã đậy lại nắp cống và chốt khóa.";
            case DUST -> "Xe bồn đã rửa đường hai lượt.";
            case SILENCE -> "Đã thay pin và lau tiếp điểm, thiết bị gửi lại bình thường.";
        };
    }
}
