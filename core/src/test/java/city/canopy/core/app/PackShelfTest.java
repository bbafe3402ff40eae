package city.canopy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import city.canopy.core.health.HealthPart;
import city.canopy.core.packs.Packs;
import city.canopy.core.rules.RuleBook;
import city.canopy.core.rules.RuleText;
import city.canopy.devices.profile.PackFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackShelfTest {
    private static final String MANIFEST = "id: benches\nversion: 1.0.0\ntitle: {vi: Ghế đá, en: Benches}\n";

    @TempDir
    private Path folder;

    private final List<Integer> adopted = new ArrayList<>();
    private RuntimeException refusal;
    private PackShelf shelf;

    private void open() {
        shelf = new PackShelf(folder);
        shelf.open(this::adopt);
    }

    private RuleBook adopt(Packs packs) {
        if (refusal != null) {
            throw refusal;
        }
        adopted.add(packs.list().size());
        return new RuleBook(packs.rules().stream()
                .map(RuleText::rule)
                .map(rule -> rule.withVersion(adopted.size()))
                .toList());
    }

    @AfterEach
    void close() {
        if (shelf != null) {
            shelf.close();
        }
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("benches").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private boolean hasBenches() {
        return shelf.packs().list().stream().anyMatch(pack -> pack.id().equals("benches"));
    }

    @Test
    void takesUpANewPackOnceItsFilesAreLeftAlone() throws IOException {
        open();
        write("pack.yaml", MANIFEST);
        shelf.look();
        assertThat(hasBenches()).isFalse();
        write("texts.yaml", "bench: {vi: Ghế, en: Bench}\n");
        shelf.look();
        assertThat(hasBenches()).isFalse();
        shelf.look();
        assertThat(hasBenches()).isTrue();
        assertThat(shelf.packs().texts()).containsKey("bench");
        assertThat(shelf.rules().list()).allMatch(rule -> rule.head().version() == 2);
        shelf.look();
        assertThat(adopted).hasSize(2);
    }

    @Test
    void letsAPackGoThatIsTakenAway() throws IOException {
        write("pack.yaml", MANIFEST);
        open();
        assertThat(hasBenches()).isTrue();
        Files.delete(folder.resolve("benches/pack.yaml"));
        shelf.look();
        shelf.look();
        assertThat(hasBenches()).isFalse();
        assertThat(shelf.health().state()).isEqualTo(HealthPart.State.OK);
    }

    @Test
    void keepsThePacksOfBeforeWhereAChangeIsWrongAndSaysWhatToMend() throws IOException {
        write("pack.yaml", MANIFEST);
        open();
        write("services.yaml", "- {id: bench-repair, title: {vi: Sửa ghế, en: Mend the bench}, target: 5 days}\n");
        shelf.look();
        shelf.look();
        assertThat(hasBenches()).isTrue();
        assertThat(shelf.packs().services()).doesNotContainKey("bench-repair");
        assertThat(shelf.health().state()).isEqualTo(HealthPart.State.WARN);
        assertThat(shelf.health().english()).contains("services.yaml:1", "target");
        write("services.yaml", "- {id: bench-repair, title: {vi: Sửa ghế, en: Mend the bench}, target: P5D}\n");
        shelf.look();
        shelf.look();
        assertThat(shelf.packs().services()).containsKey("bench-repair");
        assertThat(shelf.health().state()).isEqualTo(HealthPart.State.OK);
    }

    @Test
    void triesAgainWhatOnlyTheDatabaseRefused() throws IOException {
        open();
        write("pack.yaml", MANIFEST);
        refusal = new IllegalStateException("the database is away");
        shelf.look();
        shelf.look();
        assertThat(hasBenches()).isFalse();
        assertThat(shelf.health().english()).contains("the database is away");
        refusal = null;
        shelf.look();
        assertThat(hasBenches()).isTrue();
        assertThat(shelf.health().state()).isEqualTo(HealthPart.State.OK);
    }

    @Test
    void refusesToOpenWithAWrongPack() throws IOException {
        write("pack.yaml", "id: bench\n");
        assertThatThrownBy(() -> new PackShelf(folder)).isInstanceOf(PackFileException.class);
    }
}
