package city.canopy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.geo.layer.LayerProblem;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

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
            "ProblemException",
            "Problem",
            "Refused",
            "ActOutcome.Refused",
            "Wrong",
            "LayerProblem",
            "IOException",
            "XMLStreamException");

    /** Where refusals that people meet are written. */
    private static final List<Path> SOURCES = List.of(
            Path.of("src/main/java/city/canopy/core/http"),
            Path.of("src/main/java/city/canopy/core/ogc"),
            Path.of("src/main/java/city/canopy/core/layers"),
            Path.of("src/main/java/city/canopy/core/tickets"),
            Path.of("../geo/src/main/java/city/canopy/geo/layer"),
            Path.of("../geo/src/main/java/city/canopy/geo/file"),
            Path.of("../geo/src/main/java/city/canopy/geo/osm"));

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

    /** The texts that the program's sources refuse with, with {@code {}} for what is filled in. */
    private static Set<String> sentences() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Set<String> found = new TreeSet<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Refusals(found), null);
            }
        }
        return found;
    }

    private static final class Refusals extends TreeScanner<Void, Void> {
        private final Set<String> found;

        Refusals(Set<String> found) {
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
            if (REFUSE.contains(name)) {
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
