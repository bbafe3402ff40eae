package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.geo.crs.ServedCrs;
import city.canopy.geo.filter.cql2.Cql2Exception;
import city.canopy.geo.filter.cql2.Cql2Filter;
import city.canopy.geo.filter.cql2.Cql2Filter.Language;
import city.canopy.geo.layer.LayerProblem;
import city.canopy.geo.layer.LayerSchema.Kind;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every refusal that the program can write has its Vietnamese sentence: the program's own sources are read for them. */
class RefusalTextsTest {
    private static final RefusalTexts TEXTS = RefusalTexts.vietnamese();

    /** Methods and classes that are given what a refusal says. */
    private static final Set<String> REFUSE = Set.of(
            "badRequest",
            "notFound",
            "conflict",
            "unacceptable",
            "busy",
            "tooMany",
            "refused",
            "refuse",
            "refuseAll",
            "bad",
            "wrong",
            "CommandException",
            "ProblemException",
            "Problem",
            "Refused",
            "ActOutcome.Refused",
            "Wrong",
            "LayerProblem",
            "IOException",
            "XMLStreamException",
            "BusyException",
            "Cql2Exception",
            "Developed.Refused",
            "EditConflictException",
            "GatewayException",
            "Kind",
            "RefusedException",
            "RegistryException",
            "UnknownCrsException",
            "WaitException",
            "damaged");

    /** Where refusals that people meet are written. */
    private static final List<Path> SOURCES = List.of(
            Path.of("src/main/java/city/canopy/core/access"),
            Path.of("src/main/java/city/canopy/core/announce"),
            Path.of("src/main/java/city/canopy/core/commands"),
            Path.of("src/main/java/city/canopy/core/gateways"),
            Path.of("src/main/java/city/canopy/core/http"),
            Path.of("src/main/java/city/canopy/core/kpi"),
            Path.of("src/main/java/city/canopy/core/layers"),
            Path.of("src/main/java/city/canopy/core/ogc"),
            Path.of("src/main/java/city/canopy/core/packs"),
            Path.of("src/main/java/city/canopy/core/photos"),
            Path.of("src/main/java/city/canopy/core/registry"),
            Path.of("src/main/java/city/canopy/core/rules"),
            Path.of("src/main/java/city/canopy/core/search"),
            Path.of("src/main/java/city/canopy/core/series"),
            Path.of("src/main/java/city/canopy/core/style"),
            Path.of("src/main/java/city/canopy/core/tickets"),
            Path.of("../geo/src/main/java/city/canopy/geo/filter/cql2"),
            Path.of("../geo/src/main/java/city/canopy/geo/layer"),
            Path.of("../geo/src/main/java/city/canopy/geo/file"),
            Path.of("../geo/src/main/java/city/canopy/geo/osm"));

    /** Where an argument that is not taken, or a reason that is given back, is told to people as well. */
    private static final List<Path> TOLD = List.of(
            Path.of("src/main/java/city/canopy/core/access/People.java"),
            Path.of("src/main/java/city/canopy/core/announce/webhook/OutboundRules.java"),
            Path.of("src/main/java/city/canopy/core/kpi/Period.java"),
            Path.of("src/main/java/city/canopy/core/search/SearchQuery.java"),
            Path.of("src/main/java/city/canopy/core/series/PgCharts.java"),
            Path.of("src/main/java/city/canopy/core/series/SeriesQuery.java"),
            Path.of("src/main/java/city/canopy/core/series/Windows.java"),
            Path.of("src/main/java/city/canopy/core/tickets/NewTicket.java"),
            Path.of("src/main/java/city/canopy/core/tickets/TicketChange.java"),
            Path.of("src/main/java/city/canopy/core/tickets/TicketId.java"),
            Path.of("../devices/src/main/java/city/canopy/devices/model/DeviceId.java"),
            Path.of("../devices/src/main/java/city/canopy/devices/model/Position.java"),
            Path.of("../devices/src/main/java/city/canopy/devices/model/Quantity.java"),
            Path.of("../geo/src/main/java/city/canopy/geo/tile/TileAddress.java"));

    private static final Set<String> TELL = Set.of("IllegalArgumentException", "of", "check", "required");

    @Test
    void everyRefusalHasAVietnameseText() throws IOException {
        Set<String> sentences = sentences();
        assertThat(sentences).as("the sources are found").hasSizeGreaterThan(100);
        assertThat(sentences.stream().filter(text -> !isWhole(text))).isEmpty();
    }

    /** Whether there is a sentence for it, and none of its English is left. */
    private static boolean isWhole(String english) {
        Optional<String> found = TEXTS.find(english.replace("{}", "x"));
        return found.isPresent()
                && Stream.of(english.split("\\{}"))
                        .map(String::strip)
                        .filter(part -> part.contains(" "))
                        .noneMatch(found.get()::contains);
    }

    @Test
    void everyCauseOfARefusedFeatureHasAVietnameseRemedy() {
        for (LayerProblem.Cause cause : LayerProblem.Cause.values()) {
            assertThat(TEXTS.find(cause.remedy())).as(cause.name()).isPresent();
        }
    }

    @Test
    void everyTitleHasAVietnameseText() {
        for (int status = 400; status < 600; status++) {
            assertThat(TEXTS.find(new Problem(status, "any", "any").title()))
                    .as("%d", status)
                    .isPresent();
        }
    }

    @Test
    void whatIsFilledInStandsInTheOtherSentenceToo() {
        assertThat(TEXTS.of("There is no feature T{2}9 in trees.")).contains("T{2}9", "trees");
        assertThat(TEXTS.of("The feature is not taken: feature T1 of layer trees: it has no geometry."))
                .contains("T1", "trees")
                .doesNotContain("geometry");
        assertThat(TEXTS.of("nobody wrote this")).isEqualTo("nobody wrote this");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "species LIKE 3 | tại ký tự 14: phải là văn bản, không phải một số",
                "species = | tại ký tự 10: phải là thuộc tính, giá trị, hàm hoặc (, không phải phần cuối",
                "hight > 3 | tại ký tự 1: không có thuộc tính \"hight\"; có: geometry, species",
                "species IN () | tại ký tự 9: \"in\" cần một giá trị và một danh sách không rỗng",
                "S_WITHIN(geometry,POINT(1)) | tại ký tự 19: không đọc được hình dạng này: cần một số nhưng gặp ')'",
                "S_WITHIN(geometry,POLYGON((0 0,1 1,2 0,2 2))) | tại ký tự 19: không đọc được hình dạng này: các điểm của vòng không khép kín",
                "S_WITHIN(geometry,LINESTRING(0 0)) | tại ký tự 19: không đọc được hình dạng này: số điểm của LineString không đúng (có 1, cần 0 hoặc từ 2 trở lên)",
                "{\"op\":\"not\" | tại dòng 1, cột 12: đây không phải JSON: nội dung bị đứt giữa chừng",
                "{\"op\":\"not\",\"args\":[]} | tại phần đầu của bộ lọc: \"not\" cần một điều kiện",
            })
    void aFilterIsRefusedInVietnameseWithItsPlace(String filter, String expected) {
        Cql2Filter.Language language = filter.startsWith("{") ? Language.JSON : Language.TEXT;
        assertThatThrownBy(() -> Cql2Filter.parse(
                        filter, language, Map.of("species", Kind.TEXT), ServedCrs.crs84(), ZoneOffset.UTC))
                .isInstanceOf(Cql2Exception.class)
                .satisfies(fault -> assertThat(TEXTS.of("The filter cannot be used, " + fault.getMessage() + "."))
                        .isEqualTo("Không dùng được bộ lọc, " + expected + "."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":1 | tại dòng 1, cột 7: nội dung bị đứt giữa chừng",
                "{\"a\":1,\"a\":2} | tại dòng 1, cột 11: một đối tượng có hai thành phần trùng tên",
                "{\"a\":1} 2 | tại dòng 1, cột 9: có nội dung sau phần kết",
                "{\"a\":x} | tại dòng 1, cột 6: ở đây phải là nội dung khác",
            })
    void whatIsNoJsonIsRefusedInVietnameseWithItsPlace(String body, String expected) {
        assertThatThrownBy(() -> Json.read(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        fault -> assertThat(TEXTS.of(fault.problem().detail()))
                                .isEqualTo("Nội dung không phải JSON, " + expected + "."));
    }

    /** The texts that the program's sources refuse with, with {@code {}} for what is filled in. */
    private static Set<String> sentences() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        Set<String> found = new TreeSet<>();
        read(files, REFUSE, found);
        read(TOLD, TELL, found);
        return found;
    }

    private static void read(List<Path> files, Set<String> refusing, Set<String> found) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Refusals(refusing, found), null);
            }
        }
    }

    private static final class Refusals extends TreeScanner<Void, Void> {
        private final Set<String> refusing;
        private final Set<String> found;

        Refusals(Set<String> refusing, Set<String> found) {
            this.refusing = refusing;
            this.found = found;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            look(call.getMethodSelect().toString().replaceFirst("^.*\\.", ""), call.getArguments());
            return super.visitMethodInvocation(call, none);
        }

        @Override
        public Void visitNewClass(NewClassTree made, Void none) {
            look(made.getIdentifier().toString(), made.getArguments());
            return super.visitNewClass(made, none);
        }

        private void look(String name, List<? extends ExpressionTree> arguments) {
            if (refusing.contains(name)) {
                for (ExpressionTree argument : arguments) {
                    String text = text(argument);
                    // Codes have no spaces, and a text that is wholly filled in is written elsewhere.
                    if (text.contains(" ")) {
                        found.add(text);
                    }
                }
            }
        }

        private static String text(ExpressionTree tree) {
            if (tree instanceof LiteralTree literal && literal.getValue() instanceof String text) {
                return text;
            }
            if (tree instanceof ParenthesizedTree inner) {
                return text(inner.getExpression());
            }
            if (tree instanceof BinaryTree sum) {
                return text(sum.getLeftOperand()) + text(sum.getRightOperand());
            }
            return "{}";
        }
    }
}
