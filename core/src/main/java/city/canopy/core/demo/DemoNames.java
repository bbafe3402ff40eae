package city.canopy.core.demo;

import java.util.List;
import java.util.Random;

/** Names for what the demo generates: street names that many Vietnamese towns have, and trees that are planted there. */
final class DemoNames {
    private static final List<String> STREETS = List.of(
            "Đường Thống Nhất",
            "Đường Cách Mạng Tháng Mười",
            "Đường Thắng Lợi",
            "Đường 30 Tháng 4",
            "Đường Lê Hồng Phong",
            "Đường Trần Phú",
            "Đường Nguyễn Trãi",
            "Đường Hoàng Văn Thụ",
            "Đường Lý Thường Kiệt",
            "Đường Hùng Vương",
            "Đường Quang Trung",
            "Đường Lê Lợi");

    /**
     * A tree species.
     *
     * @param group how it stands drought, as the rule {@code tree-dry} knows it
     */
    record Species(String vietnamese, String latin, String group) {}

    private static final List<Species> SPECIES = List.of(
            new Species("Sấu", "Dracontomelon duperreanum", "ordinary"),
            new Species("Bằng lăng", "Lagerstroemia speciosa", "thirsty"),
            new Species("Phượng vĩ", "Delonix regia", "drought_tolerant"),
            new Species("Xà cừ", "Khaya senegalensis", "drought_tolerant"),
            new Species("Sao đen", "Hopea odorata", "ordinary"),
            new Species("Lộc vừng", "Barringtonia acutangula", "thirsty"),
            new Species("Long não", "Cinnamomum camphora", "ordinary"),
            new Species("Muồng hoàng yến", "Cassia fistula", "drought_tolerant"),
            new Species("Giáng hương", "Pterocarpus macrocarpus", "ordinary"),
            new Species("Bàng Đài Loan", "Terminalia neotaliala", "ordinary"));

    private DemoNames() {}

    static String street(int index) {
        int round = index / STREETS.size();
        String name = STREETS.get(index % STREETS.size());
        return round == 0 ? name : name + " (đoạn " + (round + 1) + ")";
    }

    /** Most trees of a street are of one species, some are not. */
    static Species species(int street, Random random) {
        return SPECIES.get(random.nextInt(5) > 0 ? street % SPECIES.size() : random.nextInt(SPECIES.size()));
    }
}
