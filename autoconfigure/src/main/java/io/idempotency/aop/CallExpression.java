package io.idempotency.aop;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * An expression of an annotation, parsed once. It is written by the application's
 * developers and sees what a call brings; a caller has no say in it.
 */
public final class CallExpression {

	private static final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

	private static final SpelExpressionParser parser = new SpelExpressionParser();

	private final SpelExpression expression;

	private final Method method;

	private final BeanResolver beans;

	CallExpression(String text, Method method, BeanResolver beans) {
		this.expression = (SpelExpression) parser.parseExpression(text);
		this.method = method;
		this.beans = beans;
	}

	/**
	 * Evaluates the expression for one call.
	 * @param target the bean
	 * @param arguments of the call
	 * @param variables what the door adds, by name without {@code #}
	 * @return the value
	 */
	public @Nullable Object evaluate(@Nullable Object target, @Nullable Object[] arguments,
			Map<String, Object> variables) {
		MethodBasedEvaluationContext context = new MethodBasedEvaluationContext((target != null) ? target : this.method,
				this.method, arguments, names);
		context.setBeanResolver(this.beans);
		variables.forEach(context::setVariable);
		return this.expression.getValue(context);
	}

	/** The expression as it was understood, whatever its spaces and quotes were. */
	public String text() {
		return this.expression.toStringAST();
	}

	/**
	 * The variables that no call will ever have: a misspelt name would be null for ever.
	 */
	Set<String> unknownVariables(Set<String> doorVariables) {
		Set<String> unknown = new TreeSet<>();
		visit(this.expression.getAST(), (node) -> {
			if (node instanceof VariableReference) {
				String name = node.toStringAST().substring(1);
				if (!doorVariables.contains(name) && !isArgument(name)) {
					unknown.add("#" + name);
				}
			}
		});
		return unknown;
	}

	/** Whether a variable is in it, by name without {@code #}. */
	boolean mentions(String variable) {
		Set<String> mentioned = new TreeSet<>();
		visit(this.expression.getAST(), (node) -> {
			if (node instanceof VariableReference) {
				mentioned.add(node.toStringAST().substring(1));
			}
		});
		return mentioned.contains(variable);
	}

	private boolean isArgument(String name) {
		if (name.equals("root") || name.equals("this")) {
			return true;
		}
		String[] argumentNames = names.getParameterNames(this.method);
		for (int i = 0; i < this.method.getParameterCount(); i++) {
			if (name.equals("a" + i) || name.equals("p" + i)
					|| (argumentNames != null && name.equals(argumentNames[i]))) {
				return true;
			}
		}
		return false;
	}

	private static void visit(SpelNode node, Consumer<SpelNode> visitor) {
		visitor.accept(node);
		for (int i = 0; i < node.getChildCount(); i++) {
			visit(node.getChild(i), visitor);
		}
	}

}
