package city.canopy.geo.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {
    /** TCVN 5712:1993 VN3, by vowel and tone: none, grave, acute, hook, tilde, dot below; "--" where ASCII has it. */
    private static final List<String> VN3 = List.of(
            "aàáảãạ -- B5 B8 B6 B7 B9",
            "ăằắẳẵặ A8 BB BE BC BD C6",
            "âầấẩẫậ A9 C7 CA C8 C9 CB",
            "eèéẻẽẹ -- CC D0 CE CF D1",
            "êềếểễệ AA D2 D5 D3 D4 D6",
            "iìíỉĩị -- D7 DD D8 DC DE",
            "oòóỏõọ -- DF E3 E1 E2 E4",
            "ôồốổỗộ AB E5 E8 E6 E7 E9",
            "ơờớởỡợ AC EA ED EB EC EE",
            "uùúủũụ -- EF F3 F1 F2 F4",
            "ưừứửữự AD F5 F8 F6 F7 F9",
            "yỳýỷỹỵ -- FA FD FB FC FE",
            "đ AE",
            "ĂÂÊÔƠƯĐ A1 A2 A3 A4 A5 A6 A7");

    private static String read(String encoding, int... bytes) throws IOException {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        TextEncoding known = TextEncoding.of(encoding);
        return known.text(new String(raw, known.charset()));
    }

    @Test
    void everyLetterOfTcvn3StandsWhereTheStandardHasIt() throws IOException {
        List<Integer> taken = new ArrayList<>();
        for (String line : VN3) {
            String[] parts = line.split(" ");
            for (int i = 1; i < parts.length; i++) {
                if (!parts[i].equals("--")) {
                    int place = Integer.parseInt(parts[i], 16);
                    taken.add(place);
                    assertThat(read("TCVN3", place)).as(parts[i]).isEqualTo(parts[0].substring(i - 1, i));
                }
            }
        }
        assertThat(taken).doesNotHaveDuplicates().hasSize(74);
        for (int b = 0; b < 256; b++) {
            if (!taken.contains(b)) {
                assertThat(read("TCVN3", b)).isEqualTo(Character.toString(b));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TCVN3", "tcvn-3", "TCVN 3", "ABC", "TCVN5712-3", "TCVN-5712:VN3", "VN3"})
    void itsNamesAreKnown(String name) throws IOException {
        assertThat(read(name.replace(" ", "_"), 'P', 'h', 0xAD, 0xEE, 'n', 'g', ' ', 'v', 0xDC))
                .isEqualTo("Phượng vĩ");
    }

    @Test
    void otherEncodingsAreReadComposedAndUnknownOnesAreRefused() throws IOException {
        assertThat(read("1258", 'B', 0xE3, 0xCC, 'n', 'g')).isEqualTo("Bằng");
        assertThat(read("ANSI 1252", 0xE0)).isEqualTo("à");
        assertThat(read("UTF-8", 0xE1, 0xBA, 0xB1)).isEqualTo("ằ");
        assertThat(TextEncoding.of("65001").charset()).isEqualTo(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> TextEncoding.of("klingon")).hasMessageContaining("klingon is not known");
    }
}
