package city.canopy.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class BoundariesTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("city.canopy");

    @Test
    void theGatewayKnowsNeitherTheServiceNorTheMap() {
        noClasses()
                .that()
                .resideInAPackage("city.canopy.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("city.canopy.core..", "city.canopy.geo..", "java.sql..")
                .check(classes);
    }

    @Test
    void leshanStopsAtTheLwM2mDoor() {
        noClasses()
                .that()
                .resideInAPackage("city.canopy..")
                .and()
                .resideOutsideOfPackage("city.canopy.gateway.lwm2m..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.leshan..", "org.eclipse.californium..")
                .check(classes);
    }
}
