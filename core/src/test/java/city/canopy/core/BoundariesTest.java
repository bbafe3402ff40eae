package city.canopy.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom; docs/architecture.md says why. */
class BoundariesTest {
    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("city.canopy");
    }

    private static void refuse(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(classes);
    }

    @Test
    void devicesKnowNoMapNoServiceNoNetworkAndNoSql() {
        refuse(
                "city.canopy.devices..",
                "city.canopy.geo..",
                "city.canopy.core..",
                "city.canopy.gateway..",
                "java.sql..",
                "java.net..",
                "io.vertx..",
                "io.netty..",
                "org.eclipse.paho..",
                "org.locationtech..");
    }

    @Test
    void geoKnowsNoDevicesNoServiceNoNetworkAndNoSql() {
        refuse(
                "city.canopy.geo..",
                "city.canopy.devices..",
                "city.canopy.core..",
                "city.canopy.gateway..",
                "java.sql..",
                "java.net.http..",
                "io.vertx..",
                "io.netty..",
                "org.eclipse.paho..");
    }

    @Test
    void geoToolsStaysInsideGeo() {
        refuse("city.canopy.core..", "org.geotools..");
        refuse("city.canopy.devices..", "org.geotools..");
    }

    @Test
    void rulesArePureJudgement() {
        refuse(
                "city.canopy.core.rules..",
                "city.canopy.core.http..",
                "city.canopy.core.ingest..",
                "city.canopy.core.tickets..",
                "city.canopy.core.announce..",
                "io.vertx..",
                "org.eclipse.paho..");
    }

    @Test
    void theStoresKnowNobodyAbove() {
        refuse(
                "city.canopy.core.db..",
                "city.canopy.core.series..",
                "city.canopy.core.http..",
                "city.canopy.core.ingest..");
        refuse(
                "city.canopy.core.series..",
                "city.canopy.core.rules..",
                "city.canopy.core.tickets..",
                "city.canopy.core.http..",
                "city.canopy.core.ingest..");
        refuse("city.canopy.core.tickets..", "city.canopy.core.http..", "city.canopy.core.ingest..");
    }

    @Test
    void protocolsStayAtTheirDoors() {
        noClasses()
                .that()
                .resideInAPackage("city.canopy.core..")
                .and()
                .resideOutsideOfPackage("city.canopy.core.ingest.paho..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.paho..")
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackages("city.canopy.core.http..", "city.canopy.core.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.ext.web..")
                .check(classes);
    }

    @Test
    void theGatewayIsTakenByThoseAloneWhoStartIt() {
        noClasses()
                .that()
                .resideInAPackage("city.canopy.core..")
                .and()
                .resideOutsideOfPackages("city.canopy.core.app..", "city.canopy.core.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("city.canopy.gateway..")
                .check(classes);
    }

    @Test
    void onlyTheAppWiresAndNobodyUsesTheApp() {
        noClasses()
                .that()
                .resideInAPackage("city.canopy.core..")
                .and()
                .resideOutsideOfPackages(
                        "city.canopy.core.app..",
                        "city.canopy.core.bench..",
                        "city.canopy.core.demo..",
                        "city.canopy.core.simulate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "city.canopy.core.app..",
                        "city.canopy.core.bench..",
                        "city.canopy.core.demo..",
                        "city.canopy.core.simulate..")
                .check(classes);
    }

    @Test
    void thePartsOfTheServiceFormNoCycle() {
        slices().matching("city.canopy.core.(*)..")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(
                        com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                                "city.canopy.core.app.."))
                .check(classes);
    }
}
