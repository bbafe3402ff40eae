package city.canopy.devices.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorsTest {
    static Stream<Vectors.Vector> vectors() {
        return Vectors.CODECS.stream().flatMap(codec -> Vectors.of(codec).stream());
    }

    static List<String> codecs() {
        return Vectors.CODECS;
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void a_payload_gives_what_its_vector_says(Vectors.Vector vector) {
        Decoded decoded =
                Vectors.decode(vector.codec(), vector.type(), vector.payload().bytes());
        assertThat(Vectors.lines(decoded)).as(decoded.toString()).isEqualTo(vector.gives());
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void every_codec_has_good_truncated_wrong_and_extreme_payloads(String codec) {
        assertThat(Vectors.of(codec).stream().map(Vectors.Vector::kind).distinct())
                .containsExactlyInAnyOrder("good", "truncated", "wrong", "extreme");
    }

    @Test
    void every_codec_that_there_is_has_vectors() {
        assertThat(Codecs.standard().names()).containsExactlyInAnyOrderElementsOf(Vectors.CODECS);
    }
}
