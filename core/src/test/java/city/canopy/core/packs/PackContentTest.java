package city.canopy.core.packs;

import static org.assertj.core.api.Assertions.assertThat;

import city.canopy.core.rules.Rule;
import city.canopy.core.rules.RuleSentence;
import city.canopy.core.rules.RuleText;
import city.canopy.devices.envelope.Command;
import city.canopy.devices.profile.DeviceProfile;
import city.canopy.devices.profile.LwM2m;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packs of the program say, as a whole. */
class PackContentTest {
    private static final Packs PACKS = Packs.load(Optional.empty());
    private static final Set<String> LANGUAGES = Set.of("vi", "en");

    private static PackFolder folder(String pack) {
        return PackFolder.builtIn().stream()
                .filter(each -> each.id().equals(pack))
                .findFirst()
                .orElseThrow();
    }

    /** Every rule in both languages, by id. When a rule is changed on purpose, what this prints is the new file. */
    @Test
    void everyRuleReadsAsItIsWrittenDown() throws IOException {
        RuleSentence sentence = new RuleSentence(PACKS.vocabulary());
        Map<String, String> sentences = new TreeMap<>();
        for (RuleText text : PACKS.rules()) {
            Rule rule = text.rule();
            Map<String, String> said = sentence.of(rule);
            sentences.put(
                    rule.id(),
                    "%s (%s)\n  vi: %s. %s\n  en: %s. %s\n"
                            .formatted(
                                    rule.id(),
                                    text.pack(),
                                    rule.head().title().get("vi"),
                                    said.get("vi"),
                                    rule.head().title().get("en"),
                                    said.get("en")));
        }
        try (InputStream golden = PackContentTest.class.getResourceAsStream("/golden/rule-sentences.txt")) {
            assertThat(golden).as("golden/rule-sentences.txt").isNotNull();
            assertThat(String.join("\n", sentences.values()))
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** A valve that is left open floods a park. */
    @Test
    void whatAProfileOpensItClosesAgain() {
        LwM2m.CommandSpec open = PACKS.profiles()
                .find("lwm2m-valve")
                .flatMap(DeviceProfile::lwm2m)
                .orElseThrow()
                .commands()
                .get("open_valve");
        assertThat(open.then().orElseThrow().with(Map.of("minutes", 240)))
                .isEqualTo(new Command.Then(false, Duration.ofHours(4)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"trees", "waste", "roads"})
    void aPackBringsThreeProfilesAndFourRulesAtLeast(String pack) {
        assertThat(folder(pack).yamlFiles("profiles")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(PACKS.rules().stream().filter(rule -> rule.pack().equals(pack)))
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trees", "waste", "roads"})
    void everyProfileSaysWhatItsDevicesStandAt(String pack) {
        List<String> files = folder(pack).yamlFiles("profiles");
        assertThat(files).allSatisfy(file -> {
            String profile = file.substring("profiles/".length(), file.length() - ".yaml".length());
            assertThat(PACKS.attachRules(profile)).as(profile).isNotEmpty();
        });
    }

    @Test
    void everyServiceIsOpenedByARule() {
        Set<String> opened =
                PACKS.rules().stream().map(text -> text.rule().head().service()).collect(Collectors.toSet());
        assertThat(PACKS.services().keySet()).isEqualTo(opened);
    }

    @Test
    void everyRuleLooksAtWhatSomeProfileMeasures() {
        Set<String> measured = new HashSet<>();
        PACKS.profiles()
                .list()
                .forEach(profile -> measured.addAll(profile.quantities().keySet()));
        for (RuleText text : PACKS.rules()) {
            Optional<Rule.Target> target = text.rule() instanceof Rule.Threshold threshold
                    ? Optional.of(threshold.target())
                    : text.rule() instanceof Rule.Change change ? Optional.of(change.target()) : Optional.empty();
            target.ifPresent(
                    found -> assertThat(measured).contains(found.quantity().name()));
        }
    }

    @Test
    void everyTextIsThereInBothLanguages() {
        Map<String, Map<String, String>> titles = new TreeMap<>(PACKS.texts());
        PACKS.list().forEach(pack -> titles.put("pack " + pack.id(), pack.title()));
        PACKS.layers().forEach(layer -> {
            titles.put("layer " + layer.name(), layer.title());
            layer.attributes()
                    .forEach(each -> titles.put("attribute " + layer.name() + "." + each.name(), each.title()));
        });
        PACKS.quantities().list().forEach(spec -> titles.put("quantity " + spec.quantity(), spec.title()));
        PACKS.profiles().list().forEach(profile -> titles.put("profile " + profile.id(), profile.title()));
        PACKS.services().forEach((id, service) -> titles.put("service " + id, service.title()));
        PACKS.rules()
                .forEach(text -> titles.put(
                        "rule " + text.rule().id(), text.rule().head().title()));
        PACKS.kpis().forEach(kpi -> titles.put("KPI " + kpi.id(), kpi.title()));
        PACKS.schedules().forEach(schedule -> titles.put("schedule " + schedule.id(), schedule.title()));
        assertThat(titles).allSatisfy((what, title) -> {
            assertThat(title).as(what).containsOnlyKeys(LANGUAGES);
            assertThat(title.values()).as(what).noneMatch(String::isBlank);
        });
    }

    @Test
    void everyValueThatARuleTellsApartHasAText() {
        for (RuleText text : PACKS.rules()) {
            if (text.rule() instanceof Rule.Threshold threshold) {
                threshold
                        .target()
                        .parameters()
                        .forEach(parameter -> parameter
                                .values()
                                .keySet()
                                .forEach(value ->
                                        assertThat(PACKS.texts()).containsKey(parameter.attribute() + "." + value)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public_use",
                "restricted",
                "specialised",
                "buffer",
                "conservation",
                "shade",
                "ancient",
                "hazardous"
            })
    void aTreeIsOfAClassOfDecree258(String value) {
        assertThat(PACKS.findLayer("trees").orElseThrow().attributes())
                .extracting(PackLayer.Attribute::name)
                .contains("class");
        assertThat(PACKS.texts().get("class." + value)).containsOnlyKeys(LANGUAGES);
    }
}
