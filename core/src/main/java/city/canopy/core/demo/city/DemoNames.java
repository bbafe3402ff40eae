package city.canopy.core.demo.city;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names that many Vietnamese towns give to their streets; each avenue has one of its own as far as they go. */
final class DemoNames {
    private static final List<String> MAIN = List.of(
            "Đường Cách Mạng Tháng Mười", "Đường Thống Nhất", "Đường Thắng Lợi", "Đường 30 Tháng 4", "Đường 2 Tháng 9");
    private static final List<String> AVENUES = List.of(
            "Lê Hồng Phong",
            "Trần Phú",
            "Nguyễn Trãi",
            "Hoàng Văn Thụ",
            "Lý Thường Kiệt",
            "Hùng Vương",
            "Quang Trung",
            "Lê Lợi",
            "Trần Hưng Đạo",
            "Phan Đình Phùng",
            "Nguyễn Du",
            "Hai Bà Trưng",
            "Bà Triệu",
            "Lương Ngọc Quyến",
            "Đội Cấn",
            "Hoàng Hoa Thám",
            "Phan Bội Châu",
            "Phan Chu Trinh",
            "Ngô Quyền",
            "Đinh Tiên Hoàng",
            "Lý Thái Tổ",
            "Trần Nhật Duật",
            "Yết Kiêu",
            "Nguyễn Văn Cừ",
            "Minh Cầu",
            "Bến Oánh",
            "Chu Văn An",
            "Xuân Diệu",
            "Tố Hữu",
            "Võ Thị Sáu",
            "Nguyễn Thị Minh Khai",
            "Kim Đồng",
            "Lê Quý Đôn",
            "Mạc Đĩnh Chi",
            "Cao Bá Quát",
            "Hồ Xuân Hương",
            "Tô Hiến Thành",
            "Phạm Ngũ Lão",
            "Bùi Thị Xuân",
            "Nguyễn Huệ");

    private final Map<String, Integer> lanes = new HashMap<>();
    private int avenues;
    private int mainRoads;
    private int countryRoads;
    private String last = "";

    /** The name of a district's avenue; the lanes that come after it are its own. */
    String avenue() {
        int round = avenues / AVENUES.size();
        last = "Đường " + AVENUES.get(avenues % AVENUES.size()) + (round == 0 ? "" : " " + (round + 1));
        avenues++;
        return last;
    }

    String lane() {
        String parent = last.isEmpty() ? "Đường " + AVENUES.get(0) : last;
        int number = lanes.merge(parent, 1, Integer::sum);
        return "Ngõ " + (number * 2 - 1) + " " + parent;
    }

    String mainRoad() {
        return MAIN.get(mainRoads++ % MAIN.size());
    }

    String countryRoad() {
        countryRoads++;
        return "Đường liên thôn " + countryRoads;
    }
}
