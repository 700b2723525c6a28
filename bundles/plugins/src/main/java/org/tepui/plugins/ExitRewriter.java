// SPDX-License-Identifier: Apache-2.0
package org.tepui.plugins;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Rewrites a class so that it throws where it would end the process. Each call is turned into a call of a static
 * method which the class is given for it and which throws: so no frames change, and the class needs nothing that it
 * did not need before.
 */
final class ExitRewriter extends ClassVisitor {
    private static final int API = Opcodes.ASM9;
    private static final String PREFIX = "tepui$refuse$";

    private final String owner;
    private boolean isInterface;
    private final Set<End> used = EnumSet.noneOf(End.class);

    /** The ways to end a process. */
    private enum End {
        SYSTEM_EXIT("java/lang/System", "exit", "(I)V"),
        RUNTIME_EXIT("java/lang/Runtime", "exit", "(Ljava/lang/Runtime;I)V"),
        RUNTIME_HALT("java/lang/Runtime", "halt", "(Ljava/lang/Runtime;I)V");

        private final String type;
        private final String method;
        private final String replacement;

        End(String type, String method, String replacement) {
            this.type = type;
            this.method = method;
            this.replacement = replacement;
        }

        private static Optional<End> of(String type, String method, String descriptor) {
            for (End end : values()) {
                if (end.type.equals(type) && end.method.equals(method) && descriptor.equals("(I)V")) {
                    return Optional.of(end);
                }
            }
            return Optional.empty();
        }

        private String replacementName() {
            return PREFIX + name().toLowerCase(Locale.ROOT);
        }

        private String text() {
            return type.substring(type.lastIndexOf('/') + 1) + "." + method;
        }
    }

    private ExitRewriter(ClassVisitor target, String owner) {
        super(API, target);
        this.owner = owner;
    }

    private String className = "";

    /**
     * Rewrites a class.
     *
     * @param owner whose class it is, as the exception names it
     * @return the new bytes; empty if there is nothing to change
     */
    static Optional<byte[]> rewrite(byte[] bytes, String owner) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        ExitRewriter rewriter = new ExitRewriter(writer, owner);
        reader.accept(rewriter, 0);
        return rewriter.used.isEmpty() ? Optional.empty() : Optional.of(writer.toByteArray());
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        className = name;
        isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
        super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
    }

    @Override
    public void visitEnd() {
        used.forEach(this::addReplacement);
        super.visitEnd();
    }

    private void addReplacement(End end) {
        MethodVisitor method = super.visitMethod(
                Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
                end.replacementName(),
                end.replacement,
                null,
                null);
        method.visitCode();
        method.visitTypeInsn(Opcodes.NEW, "java/lang/SecurityException");
        method.visitInsn(Opcodes.DUP);
        method.visitLdcInsn(owner + " called " + end.text() + ": a plug-in must not end the process");
        method.visitMethodInsn(
                Opcodes.INVOKESPECIAL, "java/lang/SecurityException", "<init>", "(Ljava/lang/String;)V", false);
        method.visitInsn(Opcodes.ATHROW);
        method.visitMaxs(3, end == End.SYSTEM_EXIT ? 1 : 2);
        method.visitEnd();
    }

    private Handle replaced(End end) {
        used.add(end);
        return new Handle(Opcodes.H_INVOKESTATIC, className, end.replacementName(), end.replacement, isInterface);
    }

    private Object replacedConstant(Object constant) {
        if (constant instanceof Handle handle) {
            Optional<End> end = End.of(handle.getOwner(), handle.getName(), handle.getDesc());
            return end.isPresent() ? replaced(end.get()) : handle;
        }
        return constant;
    }

    /** Replaces the calls in one method, and the method references. */
    private final class Calls extends MethodVisitor {
        private Calls(MethodVisitor target) {
            super(API, target);
        }

        @Override
        public void visitMethodInsn(int opcode, String type, String name, String descriptor, boolean inInterface) {
            Optional<End> end = End.of(type, name, descriptor);
            if (end.isPresent()) {
                Handle handle = replaced(end.get());
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC,
                        handle.getOwner(),
                        handle.getName(),
                        handle.getDesc(),
                        handle.isInterface());
            } else {
                super.visitMethodInsn(opcode, type, name, descriptor, inInterface);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(
                String name, String descriptor, Handle bootstrap, Object... bootstrapArguments) {
            Object[] arguments = new Object[bootstrapArguments.length];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = replacedConstant(bootstrapArguments[i]);
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitLdcInsn(Object constant) {
            super.visitLdcInsn(replacedConstant(constant));
        }
    }
}
