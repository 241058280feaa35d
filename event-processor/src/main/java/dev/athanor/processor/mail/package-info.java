/// Sends the mail that is owed. Start from [WelcomeMail][dev.athanor.processor.mail.WelcomeMail].
@NullMarked
package dev.athanor.processor.mail;

import org.jspecify.annotations.NullMarked;
