package io.idempotency;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** Who may import whom, row by row of the house's table. */
class ArchitectureTests {

	private static final String ROOT = "io.idempotency";

	private static final JavaClasses library = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "''|''|an application and a store author import it, and get nothing else with it",
					"store|''|who writes a store needs the vocabulary and five types",
					"store.redis|store|one technology, a stranger to engine and doors",
					"store.jdbc|store|one technology, a stranger to engine and doors",
					"store.memory|store|one technology, a stranger to engine and doors",
					"observation|''|a name changes in one place",
					"engine|store,observation|the state machine knows no annotation and no HTTP",
					"tink|''|how bytes are encrypted depends on no record and no call",
					"actuate|store|operators look at stores and at nothing that runs",
					"aop|engine|what an annotation means does not depend on where its records are",
					"client|''|an application calls others whatever its store is",
					"test|''|what a test asks for does not depend on how it is done",
					"propagation|''|what is carried knows nothing of its carrier",
					"web|engine,aop|a door never talks to a store",
					"openapi|aop|what is published is what annotations and properties say, not how it is done",
					"messaging|engine,aop|a door never talks to a store, and no broker is particular to it",
					"messaging.kafka|messaging,aop|one broker, a stranger to engine and other brokers",
					"messaging.amqp|messaging,aop|one broker, a stranger to engine and other brokers",
					"messaging.jms|messaging,aop|one broker, a stranger to engine and other brokers",
					"messaging.integration|messaging,aop|one kind of messages, a stranger to engine and others",
					"messaging.redis|messaging,aop|one kind of messages, a stranger to engine and others" })
	void eachPackageImportsOnlyWhatItsRowAllows(String room, String allowed, String because) {
		String home = (room.isEmpty()) ? ROOT : ROOT + "." + room;
		String[] mayImport = ("," + allowed + "," + room).split(",", -1);
		for (int i = 0; i < mayImport.length; i++) {
			mayImport[i] = mayImport[i].isEmpty() ? ROOT : ROOT + "." + mayImport[i];
		}
		assertThat(library.stream().filter((type) -> type.getPackageName().equals(home))).isNotEmpty();
		ArchRule rule = noClasses().that()
			.resideInAPackage(home)
			.should()
			.dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(mayImport))))
			.because(because);
		rule.check(library);
	}

	@Test
	void everyPackageHasItsRow() {
		assertThat(library.stream().map(JavaClass::getPackageName).distinct()).containsExactlyInAnyOrder(ROOT,
				ROOT + ".store", ROOT + ".store.redis", ROOT + ".store.jdbc", ROOT + ".store.memory",
				ROOT + ".observation", ROOT + ".engine", ROOT + ".actuate", ROOT + ".tink", ROOT + ".aop",
				ROOT + ".web", ROOT + ".openapi", ROOT + ".client", ROOT + ".propagation", ROOT + ".messaging",
				ROOT + ".messaging.kafka", ROOT + ".messaging.amqp", ROOT + ".messaging.jms",
				ROOT + ".messaging.integration", ROOT + ".messaging.redis", ROOT + ".test", ROOT + ".autoconfigure");
	}

	@Test
	void wiringIsImportedByNothing() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".autoconfigure")
			.because("it knows everything, so whoever imports it would too")
			.check(library);
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(library);
	}

	@ParameterizedTest
	@CsvSource({ "jakarta.servlet..,web autoconfigure,other applications have no servlets",
			"org.springframework.web..,web openapi client autoconfigure,other applications have no HTTP",
			"org.springframework.security..,web,it is optional",
			"org.springframework.data..,store.redis messaging.redis autoconfigure,one technology each",
			"io.lettuce..,store.redis autoconfigure,one technology each",
			"com.github.benmanes..,store.memory autoconfigure,one technology each",
			"com.google..,tink autoconfigure,one technology each", "java.sql..,store.jdbc,one technology each",
			"javax.sql..,store.jdbc autoconfigure,one technology each",
			"org.springframework.jdbc..,store.jdbc autoconfigure,one technology each",
			"org.springframework.kafka..,messaging.kafka autoconfigure,one technology each",
			"org.springframework.amqp..,messaging.amqp autoconfigure,one technology each",
			"com.rabbitmq..,messaging.amqp,one technology each",
			"org.springframework.jms..,messaging.jms autoconfigure,one technology each",
			"jakarta.jms..,messaging.jms autoconfigure,one technology each",
			"org.apache.kafka..,messaging.kafka,one technology each",
			"org.springframework.transaction..,store.jdbc aop messaging messaging.kafka messaging.amqp messaging.jms autoconfigure,other applications have no transactions",
			"org.springdoc..,openapi autoconfigure,other applications have no API documents",
			"io.swagger..,openapi,other applications have no API documents",
			"reactor..,client,other applications are not reactive",
			"io.micrometer..,observation propagation autoconfigure,a name changes in one place",
			"org.springframework.boot..,actuate aop test autoconfigure,the library works on Spring; Boot is how it is wired" })
	void technologyStaysInItsRoom(String technology, String rooms, String because) {
		String[] allowed = rooms.split(" ");
		for (int i = 0; i < allowed.length; i++) {
			allowed[i] = ROOT + "." + allowed[i];
		}
		noClasses().that()
			.resideOutsideOfPackages(allowed)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(technology)
			.because(because)
			.check(library);
	}

	@Test
	void jacksonStaysInTheCodecs() {
		noClasses().that()
			.haveNameNotMatching(".*Codec(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("tools.jackson..")
			.because("what is stored must not depend on how an application configures its mapper")
			.check(library);
	}

	@Test
	void namesSayWhatAClassIs() {
		noClasses().should()
			.haveSimpleNameContaining("Util")
			.orShould()
			.haveSimpleNameContaining("Helper")
			.orShould()
			.haveSimpleNameContaining("Manager")
			.orShould()
			.haveSimpleNameEndingWith("Impl")
			.because("such a name holds anything")
			.check(library);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().that()
			.haveSimpleName("package-info")
			.should()
			.beAnnotatedWith("org.jspecify.annotations.NullMarked")
			.because("NullAway looks at nothing else")
			.check(library);
		assertThat(library.stream().filter((type) -> type.getSimpleName().equals("package-info"))).hasSize(22);
	}

}
